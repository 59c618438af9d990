import { objectsIn, parseJson } from "../calls/json-text.ts";
import { resolveTool } from "../calls/tool-name.ts";
import type { ModelTool } from "../driver.ts";
import { isQuoted } from "./quoted.ts";
import { callsInJson, type WrittenCall } from "./written-call.ts";
import { WRITTEN_FORMS, type WrittenForm } from "./written-forms.ts";

/** What a text that looks like calls turned out to be. */
export type Verdict =
  | { readonly kind: "text" }
  | { readonly kind: "calls"; readonly calls: readonly WrittenCall[] }
  /** The model tried to use a tool and failed. */
  | { readonly kind: "failed" };

/** Beginnings of leaked calls that are no tags. */
const BEGINNINGS = [
  ...["[TOOL_CALLS]", "[TOOL_REQUEST]", "<|channel|>commentary to=", "<|start|>assistant<|channel|>commentary to="],
];
/** A tag or a token of a template, as far as it has arrived: `<tool_call`, `<｜DSML｜ invoke name`, `<|START_ACTION|`. */
const TAG = /^<[|｜‖/\w:▁ ]{0,40}/;
/** What the letters of such a tag say when it opens a call, in every family of models. */
const CALL_WORDS =
  /toolcall|functioncall|^function$|^invokename|dsml|actionstart|startaction|python(start|tag)|^tools$/;
/** What an answer begins with that is a call as a whole and is marked by nothing. */
const BARE = [/^\{/, /^\[\s*\{/, /^\[\s*[A-Za-z_][\w.]{0,99}\(/, /^\[[\w.-]{1,64}\]\s*\{/, /^call:[\w.]{1,100}\{/];
const BARE_SO_FAR = [/^\[\s*[\w.-]{0,64}$/, /^\[[\w.-]{1,64}\]\s*$/, /^call:[\w.]{0,100}$/];

/** Whether a line, from its first character on, is the beginning of a leaked call, or could still become it. */
export function leaks(line: string): "yes" | "maybe" | "no" {
  const tag = TAG.exec(line)?.[0];
  const words = tag?.toLowerCase().replace(/[^a-z]/g, "") ?? "";
  if (BEGINNINGS.some((beginning) => line.startsWith(beginning)) || CALL_WORDS.test(words)) return "yes";
  return tag === line || BEGINNINGS.some((beginning) => beginning.startsWith(line)) ? "maybe" : "no";
}

/** The same for an answer from its first character on, of which nothing has been shown. */
export function isBareCall(answer: string): "yes" | "maybe" | "no" {
  if (BARE.some((form) => form.test(answer))) return "yes";
  return BARE_SO_FAR.some((form) => form.test(answer)) || "call:".startsWith(answer) ? "maybe" : "no";
}

/** What may remain around the blocks: closing tags and tokens of templates. */
const TOKENS = /<\/?\|?[\w:]{1,30}\|?>|<\|[^|<>]{1,60}\|>|<｜[^｜<>]{1,60}｜>|\[\/?[A-Z_]{1,20}\]/g;

/**
 * Judges a text that stands where a call may have leaked, from the beginning of its line to the end of the answer. It is run
 * only when nothing but calls is in it, each tool is offered, and nobody but the model has said it.
 */
export function judgeLeaked(
  text: string,
  context: { tools: readonly ModelTool[]; said: readonly string[]; textBefore: boolean },
): Verdict {
  const written = text.replace(DSML, "<$1");
  const form = WRITTEN_FORMS.find(({ opens }) => opens.test(written));
  const { calls, rest } = form === undefined ? bareJson(text) : read(written, form);
  const named = calls.map((call) => ({ call, tool: resolveTool(call.name, context.tools) }));
  const offered = named.some(({ tool }) => tool !== undefined);
  const marked = leaks(text) === "yes";
  if (!marked && !offered) return { kind: "text" };
  const quoted = calls.some((call) => isQuoted(call, context.said));
  const runnable =
    calls.length > 0 &&
    // Whether the tool takes the arguments is for the tool to say, which also records an attempt at other people's tasks.
    named.every(({ call, tool }) => tool !== undefined && objectsIn(call.arguments)?.length === 1);
  if (runnable && rest === "" && !quoted) return { kind: "calls", calls };
  if (quoted && (rest !== "" || context.textBefore)) return { kind: "text" };
  return offered || rest === "" ? { kind: "failed" } : { kind: "text" };
}

/** DeepSeek writes its tags with bars around `DSML`, in several spellings. */
const DSML = /<(\/?)[|｜‖]{1,2}DSML[|｜‖]{1,2}\s?/g;

function read(text: string, form: WrittenForm): { calls: WrittenCall[]; rest: string } {
  const calls: WrittenCall[] = [];
  let rest = text;
  for (const { block, calls: callsOf } of form.bare ? [form] : WRITTEN_FORMS.filter(({ bare }) => !bare)) {
    rest = rest.replace(block, (whole: string, ...parts: unknown[]) => {
      const groups = parts.filter((part): part is string => typeof part === "string").slice(0, -1);
      const found = callsOf(...groups);
      calls.push(...found.map((call) => ({ ...call, written: whole })));
      // A block that can't be read is no text either.
      return found.length > 0 || whole.includes("{") ? "" : whole;
    });
  }
  return { calls, rest: rest.replace(TOKENS, "").trim() };
}

/** The whole answer as one call in JSON: what Llama's templates leave when nothing marks it. */
function bareJson(text: string): { calls: WrittenCall[]; rest: string } {
  const found = parseJson(text.trim()) === undefined ? [] : callsInJson(text);
  const calls = found.map((call) => ({ ...call, written: text }));
  return { calls, rest: calls.length > 0 ? "" : text };
}
