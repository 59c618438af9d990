import { addDays, type LocalDate } from "../local-date.ts";
import { accepted, candidates } from "./accept.ts";
import type { Found } from "./found.ts";
import { isA, type Line, lineOf, wordAt } from "./line.ts";
import type { Part, PartKind, Reading, Repeat, Surroundings } from "./reading.ts";
import { firstDay, type RepeatRule, rruleOf } from "./repeat-rule.ts";
import { titleWithout } from "./title.ts";

/** A part that the person took back: what it says stays in the title. */
export type Dropped = Pick<Part, "kind" | "text">;

export interface ReadOptions {
  readonly dropped?: readonly Dropped[];
  /** The kinds of parts to look for; all unless given. The words of the others stay in the title. */
  readonly kinds?: readonly PartKind[];
}

/**
 * Reads what a person typed for one task: the date, the time, how it repeats, its priority and labels, in English and, for
 * people with a German page, in German. What is not understood stays in the title.
 */
export function readTask(text: string, now: Surroundings, { dropped = [], kinds }: ReadOptions = {}): Reading {
  const line = lineOf(text, now);
  const meant = accepted(line, candidates(line));
  const impossible = meant.find((each) => each.impossible !== undefined);
  const reads = (kind: PartKind) => kinds === undefined || kinds.includes(kind);
  const chosen = choose(
    line,
    text,
    meant.filter((each) => each.impossible === undefined),
    (part) => reads(part.kind) && !dropped.some(({ kind, text: typed }) => kind === part.kind && typed === part.text),
  );
  const { day, time, repeat, priority, labels, tags, used } = chosen;
  const rule = repeat?.repeat;
  const typedTime = time?.time ?? null;
  const due = dueOf(rule, day?.day, typedTime, now);
  return {
    title: titleWithout(text, used),
    due,
    time: due === null ? null : typedTime,
    repeat: rule === undefined ? null : repeatOf(rule),
    priority: priority?.priority ?? null,
    labels: labels.flatMap(({ label }) => label ?? []),
    tags: tags.flatMap(({ tag }) => tag ?? []),
    parts: chosen.parts,
    impossible:
      impossible?.impossible === undefined || day !== undefined
        ? null
        : { ...impossible.impossible, text: textOf(line, text, impossible.head ?? impossible.from, impossible.to) },
  };
}

interface Choice {
  readonly day?: Found | undefined;
  readonly time?: Found | undefined;
  readonly repeat?: Found | undefined;
  readonly priority?: Found | undefined;
  readonly labels: readonly Found[];
  readonly tags: readonly Found[];
  readonly parts: readonly Part[];
  /** Stretches of the text that are not part of the title. */
  readonly used: readonly { readonly start: number; readonly end: number }[];
}

/** One of each kind: the last that is meant, as people add the date behind what they want to do. */
function choose(line: Line, text: string, meant: readonly Found[], isWanted: (part: Part) => boolean): Choice {
  const keeps = (each: Found, kind: PartKind) => isWanted(partOf(line, text, each, kind));
  // "in 2 hours" is no day without its hour.
  const needsTime = (each: Found) => each.time !== undefined && each.isDayPart !== true && each.day !== undefined;
  const last = (kind: PartKind, has: (each: Found) => boolean) =>
    meant.filter((each) => has(each) && keeps(each, kind)).at(-1);
  const repeat = last("repeat", (each) => each.repeat !== undefined);
  const isUntil = (each: Found) =>
    repeat !== undefined && each.from > repeat.from && isA(line, wordAt(line, each.from), "untilWords");
  const until = repeat && meant.find((each) => each.day !== undefined && isUntil(each));
  const day = last(
    "date",
    (each) => each.day !== undefined && each !== until && (!needsTime(each) || keeps(each, "time")),
  );
  const part = last("time", (each) => each.isDayPart === true);
  const clockTime = last("time", (each) => each.time !== undefined && each.isDayPart !== true);
  const time = clockTime ?? part;
  // "tomorrow morning at 5": beside an hour that may be one before or after noon, the part of the day decides.
  const deciding = clockTime?.openHour !== undefined && part !== clockTime ? part : undefined;
  const priority = last("priority", (each) => each.priority !== undefined);
  const labels = meant.filter((each) => each.label !== undefined && keeps(each, "label"));
  const tags = meant.filter((each) => each.tag !== undefined && keeps(each, "tag"));
  const ended =
    until?.day === undefined || repeat?.repeat === undefined
      ? repeat
      : { ...repeat, repeat: { ...repeat.repeat, until: until.day } };

  const parts: Part[] = [
    ...(day === undefined ? [] : [partOf(line, text, day, "date")]),
    ...[time, deciding].flatMap((each) => (each === undefined ? [] : [partOf(line, text, each, "time")])),
    ...[repeat, until].flatMap((each) => (each === undefined ? [] : [partOf(line, text, each, "repeat")])),
    ...(priority === undefined ? [] : [partOf(line, text, priority, "priority")]),
    ...labels.map((each) => partOf(line, text, each, "label")),
    ...tags.map((each) => partOf(line, text, each, "tag")),
  ].sort((a, b) => a.start - b.start || a.end - b.end);
  const whole = [time, deciding, repeat, until, priority, ...labels, ...tags].filter((each) => each !== undefined);
  const used = [
    ...whole.map(({ from, to }) => stretchOf(line, from, to)),
    // A part of the day that was not taken stays.
    ...(day === undefined ? [] : [stretchOf(line, day.from, day.timeFrom ?? day.to)]),
  ];
  return { day, time: time && inDayPart(time, deciding), repeat: ended, priority, labels, tags, parts, used };
}

/** The hour of "8 Uhr abends". */
function inDayPart(time: Found, part: Found | undefined): Found {
  if (time.openHour === undefined || time.time === undefined || part?.time === undefined) return time;
  const hour = (time.openHour % 12) + (part.time >= "12:00" ? 12 : 0);
  return { ...time, time: `${String(hour).padStart(2, "0")}${time.time.slice(2)}` };
}

function stretchOf({ tokens }: Line, from: number, to: number): { start: number; end: number } {
  const [first, last] = [tokens[from], tokens[to - 1]];
  return { start: first?.start ?? 0, end: last?.end ?? 0 };
}

function partOf(line: Line, text: string, each: Found, kind: PartKind): Part {
  const from = kind === "time" && each.timeFrom !== undefined ? each.timeFrom : each.from;
  const to = kind === "date" && each.timeFrom !== undefined ? each.timeFrom : each.to;
  const start = line.tokens[from]?.start ?? 0;
  return { kind, start, end: line.tokens[to - 1]?.wordEnd ?? text.length, text: textOf(line, text, from, to) };
}

function textOf({ tokens }: Line, text: string, from: number, to: number): string {
  return text.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.wordEnd ?? text.length);
}

function dueOf(
  rule: RepeatRule | undefined,
  day: LocalDate | undefined,
  time: string | null,
  now: Surroundings,
): LocalDate | null {
  const isOver = time !== null && time < now.time;
  if (rule !== undefined) {
    if (day !== undefined) return firstDay(rule, day) ?? day;
    return firstDay(rule, isOver ? addDays(now.today, 1) : now.today) ?? null;
  }
  if (day !== undefined) return day;
  if (time === null) return null;
  return isOver ? addDays(now.today, 1) : now.today;
}

function repeatOf(rule: RepeatRule): Repeat {
  return { rrule: rruleOf(rule), from: rule.afterCompletion === true ? "completion" : "due" };
}
