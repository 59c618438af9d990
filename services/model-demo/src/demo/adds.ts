import type { ToolInput } from "@taskassistant/contracts";
import { splitTask } from "./dates.ts";
import { splitLabels } from "./labels.ts";
import { capitalise, unquoted } from "./text.ts";

/** A task to add: the user's wording, first letter in upper case. */
export type NewItem = Omit<ToolInput<"addTask">, "notes" | "due_zone">;

const ADD =
  /^(?:add|create|new|note|remember|put|schedule|plan|remind me|don't let me forget|i (?:need|have|must|should)(?= to\b)|(?:todo|to-do)(?=:))(?:\s+|(?=:))(?:(?:a|an|another|the|my|some|\d+|two|three|four|five)\s+)?(?:new\s+)?(?:(?:tasks?|todos?|to-?dos?|reminders?|items?)\b\s*)?(?:to\s+)?([:-]?)\s*(.+)$/is;

/** Verbs that begin a task. Only where every part starts with one is "and" taken for the end of a task. */
const VERBS = new Set(
  `answer apply arrange ask attend bake book bring brush buy call cancel change check clean close collect contact cook
  cut deliver discuss do draft draw drop email exchange feed file fill find finish fix get give go hang help hire install
  invite iron learn mail make meet mow move order organise organize pack paint pay phone pick plan plant play post practise
  practice prepare print publish read renew rent repair reply replace research reserve return review ring run schedule sell
  send ship sign sort start stop study submit sweep take talk tell text test tidy try turn update upload vacuum visit walk
  wash watch water work wrap write`.split(/\s+/),
);

/** The tasks a message asks to add, or undefined when it asks for something else. */
export function parseAdds(message: string, today: string): { kind: "add"; items: NewItem[] } | undefined {
  const match = ADD.exec(message.trim());
  if (match?.[2] === undefined) return undefined;
  const body = match[2].replace(
    /\s+(?:to|on|in) (?:my|the) (?:list|tasks|to-?dos?|to-?do list|task list)(?=[.!]?$|\s)/i,
    "",
  );
  const parts = splitAdds(body, match[1] === ":");
  const items = parts.map((part) => itemOf(part, today)).filter((item) => item.title !== "");
  if (items.length === 0) return undefined;
  // "buy milk and call mum tomorrow": a date that only the last one has is meant for all.
  const shared = items.at(-1)?.due;
  const onlyLast = shared !== undefined && items.slice(0, -1).every((item) => item.due === undefined);
  return { kind: "add", items: onlyLast ? items.map((item) => ({ ...item, due: shared })) : items };
}

/** Cuts a message into tasks, but only where it is clear that there are several. */
function splitAdds(body: string, afterColon: boolean): string[] {
  const lines = body.split(/\n|;|,?\s+and\s+(?:also\s+)?(?:add|remind me to)\s+/i).flatMap(cleaned);
  if (lines.length > 1) return lines;
  const text = lines[0] ?? "";
  const parts = text.split(/\s*,\s*(?:and\s+)?|\s+and\s+(?:then\s+|also\s+)?/i).flatMap(cleaned);
  if (parts.length < 2) return lines;
  if (afterColon && !startsWithVerb(text)) return parts;
  return parts.every(startsWithVerb) ? parts : lines;
}

function startsWithVerb(part: string): boolean {
  return VERBS.has(part.replace(/^to /i, "").split(/[\s-]/)[0]?.toLowerCase() ?? "");
}

function cleaned(line: string): string[] {
  const text = line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "").trim();
  return text === "" ? [] : [text];
}

function itemOf(part: string, today: string): NewItem {
  const quoted = /^["“«](.+)["”»]$/.exec(part.trim());
  const text = part
    .trim()
    .replace(/^to /i, "")
    .replace(/[.!]+$/, "");
  const found = quoted === null ? splitTask(text, today) : { title: unquoted(part) };
  const { due, time, repeat, priority, labels = [], tags = [] } = found;
  const { title, project, tags: said } = quoted === null ? splitLabels(found.title) : { ...found, tags: [] };
  const named = [...said, ...labels, ...tags];
  return {
    title: capitalise(unquoted(title.replace(/^to /i, ""))),
    ...(due && { due }),
    ...(due && time && { due_time: time }),
    ...(due && repeat && { repeat: repeat.rrule, repeat_from: repeat.from }),
    ...(priority && { priority }),
    ...(project && { project }),
    ...(named.length > 0 && { tags: named }),
  };
}
