import type { ToolInput } from "@taskassistant/contracts";
import { addDays, endOfWeek } from "@taskassistant/dates";
import { type NewItem, parseAdds } from "./adds.ts";
import { impossibleDate, parseDate } from "./dates.ts";
import { namesOf } from "./labels.ts";
import { capitalise, unquoted } from "./text.ts";

/** Which tasks a sentence speaks of: numbers of the last list, words of a title, or the one spoken of last. */
export type Target = { kind: "numbers"; numbers: number[] } | { kind: "words"; words: string } | { kind: "last" };

/** What a list is asked for. */
export type Filter = Pick<ToolInput<"listTasks">, "status" | "query" | "due_from" | "due_to" | "project" | "tag">;

export type Intent =
  | { kind: "add"; items: NewItem[] }
  | { kind: "list"; filter: Filter /** Follows "tasks", such as "due today". */; label: string }
  | { kind: "complete" | "reopen" | "delete"; target: Target }
  | { kind: "rename"; target: Target; title: string }
  | { kind: "move"; target: Target; due: string | null }
  | { kind: "file"; target: Target; project: string | null }
  | { kind: "tag"; target: Target; tags: readonly string[]; off: boolean }
  | { kind: "no-such-day"; day: number; month: number }
  | { kind: "hello" | "thanks" | "help" | "unknown" | "too-long" };

/** Maximum number of characters that are read: some patterns need quadratic time, and all users share the process. */
const READ_MAX = 4_000;

/** What a message of the user asks for. `today` is the user's date. */
export function parseIntent(message: string, today: string): Intent {
  const tidy = message.replace(/\s+/g, (blank) => (blank.includes("\n") ? "\n" : " ")).trim();
  if (tidy.length > READ_MAX) return { kind: "too-long" };
  const text = tidy
    .replace(/^(?:please|hey|ok(?:ay)?|now|then|and|also)[,]?\s+/i, "")
    .replace(/^(?:can|could|would|will) you (?:please )?/i, "")
    .replace(/^(?:i want to|i'd like to|let's)\s+/i, "")
    .replace(/[,]?\s+please[.!?]*$/i, "");
  const sentence = text.replace(/[.!?]+$/, "").trim();
  const impossible = impossibleDate(sentence, today);
  return (
    smallTalk(sentence) ??
    (impossible && { kind: "no-such-day", ...impossible }) ??
    parseFiling(sentence) ??
    parseTagging(sentence) ??
    parseMove(sentence, today) ??
    parseRename(sentence) ??
    parseComplete(sentence) ??
    parseDelete(sentence) ??
    parseListing(sentence, today) ??
    parseAdds(text, today) ?? { kind: "unknown" }
  );
}

function smallTalk(text: string): Intent | undefined {
  if (/^(?:hi|hello|hey|good (?:morning|afternoon|evening)|moin|hallo)(?: there)?$/i.test(text))
    return { kind: "hello" };
  if (/^(?:thanks|thank you|thx|cheers|great|perfect)\b.{0,20}$/i.test(text)) return { kind: "thanks" };
  if (/^(?:help|what can you do|who are you|what are you|how does this work|commands)\b.{0,30}$/i.test(text)) {
    return { kind: "help" };
  }
  return undefined;
}

function parseMove(text: string, today: string): Intent | undefined {
  const clear = /^(?:clear|remove|drop|delete) the (?:due )?date (?:of|from|for) (.+)$/i.exec(text);
  if (clear?.[1] !== undefined) return { kind: "move", target: targetOf(clear[1]), due: null };
  const move = /^(?:move|reschedule|postpone|push|shift|delay) (.+) (?:to|until|till|for|by) (.+)$/i.exec(text);
  const moved =
    move ?? /^(?:move|reschedule|postpone|push|shift) (.+?) ((?:in|next|on) .+|tomorrow|today)$/i.exec(text);
  if (moved?.[1] === undefined || moved[2] === undefined) return undefined;
  const due = parseDate(moved[2], today);
  return due === undefined ? undefined : { kind: "move", target: targetOf(moved[1]), due };
}

function parseFiling(text: string): Intent | undefined {
  const out = /^(?:take|move|remove) (.+) out of (?:the |its )?project(?: .+)?$/i.exec(text);
  if (out?.[1] !== undefined) return { kind: "file", target: targetOf(out[1]), project: null };
  const into =
    /^(?:move|put|file|add) (.+) (?:in|into|to|under) (?:the |my )?project (.+)$/i.exec(text) ??
    /^(?:move|put|file) (.+) (?:in|into|to|under) (?:the|my) (.+) project$/i.exec(text);
  const [project] = namesOf(into?.[2] ?? "");
  if (into?.[1] === undefined || project === undefined) return undefined;
  // "add report to project Work" makes a task, unless it names one of a list.
  const target = targetOf(into[1]);
  return /^add /i.test(text) && target.kind === "words" ? undefined : { kind: "file", target, project };
}

function parseTagging(text: string): Intent | undefined {
  const off = /^(?:untag (.+?)(?: (?:from|as))? (\S+)|(?:remove|drop) (?:the )?tag (.+) from (.+))$/i.exec(text);
  if (off !== null) {
    const [target = "", names = ""] = off[1] === undefined ? [off[4], off[3]] : [off[1], off[2]];
    return { kind: "tag", target: targetOf(target), tags: namesOf(names), off: true };
  }
  const on =
    /^(?:tag|label) (.+?) (?:with|as) (.+)$/i.exec(text) ??
    /^(?:tag|label) (it|that|this|(?:task |number |#)?\d+) (.+)$/i.exec(text);
  if (on?.[1] === undefined || on[2] === undefined) return undefined;
  return { kind: "tag", target: targetOf(on[1]), tags: namesOf(on[2]), off: false };
}

function parseRename(text: string): Intent | undefined {
  const match = /^(?:rename|retitle|change|call) (.+?) (?:to|into|as) (.+)$/i.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  if (/^call /i.test(text) && !/^call (?:number |task |#)?\d+ /i.test(text)) return undefined;
  return { kind: "rename", target: targetOf(match[1]), title: capitalise(unquoted(match[2])) };
}

function parseComplete(text: string): Intent | undefined {
  const reopen = /^(?:reopen|uncheck|untick|undo|mark) (.+?)(?: as)?(?: (?:open|undone|not done))?$/i.exec(text);
  if (reopen?.[1] !== undefined && (!/^mark/i.test(text) || / (?:open|undone|not done)$/i.test(text))) {
    return { kind: "reopen", target: targetOf(reopen[1]) };
  }
  const match =
    /^(?:mark|set|tick|check) (.+?)(?: off| as)? (?:done|complete|completed|finished)$/i.exec(text) ??
    /^(?:(?:i(?:'ve| have| am|'m)? )?(?:done|finished|completed)(?: with)?|complete|finish|check off|tick off|check|tick|mark off) (.+)$/i.exec(
      text,
    ) ??
    /^(.+) (?:is|are) (?:done|complete|completed|finished)$/i.exec(text);
  if (match?.[1] === undefined || /^(?:what|which)\b/i.test(match[1])) return undefined;
  if (/^(?:done|finished|completed) tasks$/i.test(text)) return undefined;
  return { kind: "complete", target: targetOf(match[1]) };
}

function parseDelete(text: string): Intent | undefined {
  const match = /^(?:delete|remove|trash|throw away|get rid of|drop|cancel|erase) (.+)$/i.exec(text);
  return match?.[1] === undefined ? undefined : { kind: "delete", target: targetOf(match[1]) };
}

function parseListing(text: string, today: string): Intent | undefined {
  const found =
    /^(?:find|search(?: for)?|look for|(?:show|list)(?: me)?(?: all| my)? tasks (?:about|with|containing)) (.+)$/i.exec(
      text,
    );
  if (found?.[1] !== undefined) {
    const query = unquoted(found[1]);
    return { kind: "list", filter: { status: "all", query }, label: `matching “${query}”` };
  }
  const asks =
    /^(?:list|show|display|what|which|do i have|is there|any|give me|overdue|open|my tasks|tasks|todos?|to-?do|agenda|done tasks|finished tasks|completed tasks|anything)\b(?!:)/i.test(
      text,
    );
  if (!asks) return undefined;
  const inProject =
    /\b(?:in|of|for|under) (?:the |my )?project (.+)$/i.exec(text) ??
    /\b(?:in|of|for|under) (?:the|my) (.+) project$/i.exec(text);
  const [project] = namesOf(inProject?.[1] ?? "");
  if (project !== undefined) return { kind: "list", filter: { status: "open", project }, label: `in “${project}”` };
  const tagged = /\b(?:tagged|labelled|labeled|with (?:the )?tag)(?: with| as)? (.+)$/i.exec(text);
  const [tag] = namesOf(tagged?.[1] ?? "");
  if (tag !== undefined) return { kind: "list", filter: { status: "open", tag }, label: `tagged “${tag}”` };
  if (/\boverdue\b|\blate\b/i.test(text)) {
    return { kind: "list", filter: { status: "open", due_to: addDays(today, -1) }, label: "overdue" };
  }
  if (/\b(?:done|finished|completed?)\b/i.test(text))
    return { kind: "list", filter: { status: "done" }, label: "done" };
  const period = /\b(?:this|the) week\b/i.test(text)
    ? { due_from: today, due_to: endOfWeek(today), label: "due this week" }
    : /\bnext week\b/i.test(text)
      ? { due_from: addDays(endOfWeek(today), 1), due_to: addDays(endOfWeek(today), 7), label: "due next week" }
      : dayAsked(text, today);
  if (period !== undefined) {
    const { label, ...range } = period;
    return { kind: "list", filter: { status: "open", ...range }, label };
  }
  if (/\b(?:all|every|everything)\b.*\btasks?\b/i.test(text) && !/\bopen\b/i.test(text)) {
    return { kind: "list", filter: { status: "all" }, label: "" };
  }
  const known = /\b(?:tasks?|todos?|to-?dos?|to do|list|open|left|agenda|plan|planned|next|on|due|pending|remains?)\b/i;
  return known.test(text) ? { kind: "list", filter: { status: "open" }, label: "open" } : undefined;
}

function dayAsked(text: string, today: string): { due_from: string; due_to: string; label: string } | undefined {
  const words = text.split(/\s+/);
  for (let from = 1; from < words.length; from += 1) {
    const phrase = words.slice(from).join(" ");
    const date = parseDate(phrase, today);
    if (date !== undefined) return { due_from: date, due_to: date, label: `due ${phrase.replace(/^due /i, "")}` };
  }
  return undefined;
}

function targetOf(phrase: string): Target {
  const text = unquoted(phrase.trim());
  if (/^(?:it|that|this|that one|this one|the last one|the task|that task)$/i.test(text)) return { kind: "last" };
  const list = text.replace(/\b(?:tasks?|numbers?|items?|no\.?|and|the)\b|[#,&]/gi, " ").trim();
  if (/^\d{1,3}(?:\s+\d{1,3})*$/.test(list)) return { kind: "numbers", numbers: list.split(/\s+/).map(Number) };
  const words = text.replace(/^(?:the task|task|the|my)\s+/i, "").replace(/\s+task$/i, "");
  return { kind: "words", words: unquoted(words) };
}
