import { isRecord } from "@taskassistant/contracts";
import type { Said } from "../refusal-sentences.ts";
import type { Lesson, Scalar } from "./lessons.ts";

/** Parameters that carry the request itself. No refusal changes them, except that an answer need not be streamed. */
const ESSENTIAL = new Set(["model", "messages", "tools", "stream"]);
/** Values for parameters that a server demands without saying a value. */
const DEMANDED: Readonly<Record<string, number>> = { max_tokens: 4_096, max_completion_tokens: 4_096 };

const NAME = String.raw`["'\`]?([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){0,3})["'\`]?`;
/** A text in quotes or a literal, unless it is one of several that are allowed. */
const VALUE = String.raw`(?:to |as |equal to |exactly )?(?:["'\`]([\w.-]{1,40})["'\`](?!\s*(?:,|or|and)\s*(?:or |and )?["'\`])|(-?\d+(?:\.\d+)?|true|false|null|none)\b(?!\s*(?:,|or|and|to|-)\s*(?:-?\d|true|false|null|none|more|less|greater|higher|lower|above|below)))`;

/** Sentences in which a server names a parameter and the one value it wants. */
const WANTED: readonly RegExp[] = [
  new RegExp(String.raw`\bset(?:ting)? (?:the )?(?:parameter )?${NAME} ?(?:to|=|as|:) ?${VALUE}`, "i"),
  new RegExp(String.raw`\b${NAME} (?:parameter )?(?:must|has to|needs to|should|can only) be (?:set )?${VALUE}`, "i"),
  new RegExp(String.raw`\brequires? (?:the )?(?:parameter )?${NAME} ?(?:=|to be|set to|:)? ?${VALUE}`, "i"),
  new RegExp(String.raw`\b(?:use|with|expected) ${NAME} ?(?:=|:|to be) ?${VALUE}`, "i"),
  new RegExp(String.raw`\binvalid ${NAME}: only ${VALUE}`, "i"),
  new RegExp(String.raw`\bonly ${NAME} ?(?:=|of|:) ?${VALUE}`, "i"),
];

/** The same about the parameter that the refusal names elsewhere. */
const SHOULD_BE = new RegExp(String.raw`\b(?:must|should|has to|needs to|can only) be (?:set )?${VALUE}`, "i");

/** The value without the name, where the name stands elsewhere. */
const ONLY = new RegExp(
  String.raw`\b(?:only ${VALUE} is (?:allowed|supported)|supported values? (?:is|are): ${VALUE}\.?$)`,
  "i",
);
const REPLACED = new RegExp(String.raw`\buse ${NAME} instead`, "i");
const REFUSED =
  /unsupported|not? support|unknown|unrecogni[sz]ed|unexpected|not permitted|extra inputs|extra_forbidden|not allowed|cannot find field|deprecated|no longer|additional propert|\binvalid\b|only the default|must be|should be|too (?:large|high|low|small)|out of range|at (?:most|least)|(?:less|greater) than|exceed|not available|not accepted/;
const MISSING = /missing|required|must (be )?(provide|specif|set)/;

/** What a refusal teaches about the parameters of a request; undefined when it names none of them. */
export function parameterLesson(said: Said, sent: Readonly<Record<string, unknown>>): Lesson | undefined {
  const message = said.message ?? "";
  const named = pathOf(said.param);
  for (const form of WANTED) {
    const match = form.exec(message);
    const path = pathOf(match?.[1]);
    if (match === null || !mayChange(path)) continue;
    // A word such as "input" is no parameter unless it is one of the request's.
    const known = /[._]/.test(match[1] ?? "") || isSent(path, sent) || named?.join() === path.join();
    if (known) return { kind: "set", path, value: scalarOf(match[2], match[3]) };
  }
  const shouldBe = SHOULD_BE.exec(message);
  if (mayChange(named) && shouldBe !== null) {
    return { kind: "set", path: named, value: scalarOf(shouldBe[1], shouldBe[2]) };
  }

  const path = [named, ...paths(sent)].find((each) => mayChange(each) && isAbout(said, each));
  if (path === undefined) return demanded(said, named, sent);
  const only = ONLY.exec(message);
  if (only !== null) return { kind: "set", path, value: scalarOf(only[1] ?? only[3], only[2] ?? only[4]) };
  if (!isSent(path, sent)) return demanded(said, named, sent);
  const to = pathOf(REPLACED.exec(message)?.[1]);
  if (to?.length === 1 && mayChange(to)) return { kind: "rename", path, to: to[0] ?? "" };
  return REFUSED.test(said.words) ? { kind: "drop", path } : undefined;
}

/** Whether the server refuses to stream. Answers are read whole then. */
export function refusesStream(said: Said): boolean {
  const about = said.param === "stream" || /\bstream(ing)?\b/.test(said.words);
  return about && (REFUSED.test(said.words) || /cannot|can't/.test(said.words));
}

function demanded(
  said: Said,
  named: readonly string[] | undefined,
  sent: Readonly<Record<string, unknown>>,
): Lesson | undefined {
  if (!MISSING.test(said.words)) return undefined;
  for (const [name, value] of Object.entries(DEMANDED)) {
    if (!(name in sent) && (named?.at(-1) === name || new RegExp(`\\b${name}\\b`).test(said.words))) {
      return { kind: "set", path: [name], value };
    }
  }
  return undefined;
}

/** `body.thinking.type` and the like as a path; undefined for anything that is no plain path, such as `messages[0].role`. */
function pathOf(name: string | undefined): readonly string[] | undefined {
  if (name === undefined || !/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,3}$/i.test(name)) return undefined;
  const path = name.split(".");
  const prefixed = path.length > 1 && /^(body|parameters?|input|request)$/i.test(path[0] ?? "");
  return prefixed ? path.slice(1) : path;
}

function mayChange(path: readonly string[] | undefined): path is readonly string[] {
  return path !== undefined && path.length > 0 && !ESSENTIAL.has(path[0] ?? "");
}

/** Whether the server speaks of this parameter. */
function isAbout(said: Said, path: readonly string[]): boolean {
  const name = path.join(".").toLowerCase();
  return (
    said.param?.toLowerCase().endsWith(name) === true ||
    new RegExp(`(^|[^\\w.])(?:\\w+\\.)?${escaped(name)}($|[^\\w])`).test(said.words)
  );
}

/** The parameters sent, the inner ones first. */
function paths(sent: Readonly<Record<string, unknown>>): string[][] {
  return Object.entries(sent).flatMap(([name, value]) =>
    isRecord(value) ? [...Object.keys(value).map((inner) => [name, inner]), [name]] : [[name]],
  );
}

function isSent(path: readonly string[], sent: Readonly<Record<string, unknown>>): boolean {
  let value: unknown = sent;
  for (const name of path) {
    if (!isRecord(value) || !(name in value)) return false;
    value = value[name];
  }
  return true;
}

function scalarOf(quoted: string | undefined, bare: string | undefined): Scalar {
  if (quoted !== undefined) return quoted;
  const word = bare?.toLowerCase();
  if (word === undefined || word === "null") return null;
  if (word === "true" || word === "false") return word === "true";
  return word === "none" ? "none" : Number(word);
}

function escaped(name: string): string {
  return name.replaceAll(".", "\\.");
}
