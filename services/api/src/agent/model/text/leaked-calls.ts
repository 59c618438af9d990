import { isRecord } from "@taskassistant/contracts";
import { objectsIn, parseJson } from "../calls/json-text.ts";
import { resolveTool } from "../calls/tool-name.ts";
import type { ModelTool } from "../driver.ts";
import { isQuoted } from "./quoted.ts";

/** A call as a model wrote it into its text. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
}

/** What a text that looks like calls turned out to be. */
export type Verdict =
  | { readonly kind: "text" }
  | { readonly kind: "calls"; readonly calls: readonly WrittenCall[] }
  /** The model tried to use a tool and failed. */
  | { readonly kind: "failed" };

/** How models write calls when the server's parser misses them: where each form begins, and how its calls are read. */
const FORMS: readonly { opens: RegExp; block: RegExp; calls: (...parts: string[]) => WrittenCall[] }[] = [
  // Qwen3-Coder, Llama: <function=NAME> with JSON or with <parameter=KEY>VALUE</parameter>
  {
    opens: /^(?:<tool_call>\s*)?<function=/,
    block: /<function=([^>\s]{1,100})>([\s\S]*?)(?:<\/function>|$)/g,
    calls: (name = "", inner = "") => [
      { name, arguments: parametersOr(inner, /<parameter=([^>]{1,100})>\n?([\s\S]*?)\n?<\/parameter>/g) },
    ],
  },
  // Claude behind gateways, MiniMax: <invoke name="NAME"><parameter name="KEY">VALUE</parameter></invoke>
  {
    opens: /^(?:<[\w:]{0,20}(?:function_calls|tool_call)>\s*)?<invoke name=/,
    block: /<invoke name="([^"]{1,100})">([\s\S]*?)(?:<\/invoke>|$)/g,
    calls: (name = "", inner = "") => [
      { name, arguments: parametersOr(inner, /<parameter name="([^"]{1,100})">([\s\S]*?)<\/parameter>/g) },
    ],
  },
  // GLM: <tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>
  {
    opens: /^<tool_call>/,
    block: /<tool_call>\s*([\w.:-]{1,100})\s*(<arg_key>[\s\S]*?)(?:<\/tool_call>|$)/g,
    calls: (name = "", inner = "") => [
      {
        name,
        arguments: parametersOr(inner, /<arg_key>([\s\S]{1,100}?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g),
      },
    ],
  },
  // Qwen, Hermes and most others: <tool_call>JSON</tool_call>
  {
    opens: /^<\|?(?:tool_calls?|function_calls?)\|?>/,
    block: /<\|?(tool_calls?|function_calls?)\|?>\s*([\s\S]*?)(?:<\|?\/\1\|?>|$)/g,
    calls: (_tag = "", inner = "") => callsInJson(inner),
  },
  // Kimi: <|tool_call_begin|>NAME<|tool_call_argument_begin|>JSON<|tool_call_end|>
  {
    opens: /^<\|tool_calls?_(?:section_)?begin\|>/,
    block:
      /<\|tool_call_begin\|>\s*([^<]{1,100}?)\s*<\|tool_call_argument_begin\|>([\s\S]*?)(?:<\|tool_call_end\|>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
  },
  // DeepSeek: <｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME and JSON, or NAME<｜tool▁sep｜>JSON
  {
    opens: /^<｜tool▁calls?▁begin｜>/,
    block:
      /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?([^<{`\s]{1,100})(?:<｜tool▁sep｜>)?([\s\S]*?)(?:<｜tool▁call▁end｜>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
  },
  // Mistral: [TOOL_CALLS] with a list, NAME{...} or NAME[ARGS]{...}
  {
    opens: /^\[TOOL_CALLS\]/,
    block:
      /\[TOOL_CALLS\]\s*([\w.:-]{0,100})(?:\[CALL_ID\][\w-]{0,100})?(?:\[ARGS\])?\s*([\s\S]*?)(?=\[\/?TOOL_CALLS\]|$)/g,
    calls: (name = "", inner = "") => (name === "" ? callsInJson(inner) : [{ name, arguments: inner }]),
  },
  // gpt-oss: <|channel|>commentary to=functions.NAME <|constrain|>json<|message|>JSON<|call|>
  {
    opens: /^(?:<\|start\|>assistant)?<\|channel\|>commentary to=/,
    block: /<\|channel\|>commentary to=([\w.:-]{1,100})[\s\S]{0,60}?<\|message\|>([\s\S]*?)(?:<\|call\|>|$)/g,
    calls: (name = "", inner = "") => [{ name, arguments: inner }],
  },
  // Llama: <|python_tag|>JSON
  {
    opens: /^<\|python_tag\|>/,
    block: /<\|python_tag\|>\s*([\s\S]*?)(?:<\|eom_id\|>|<\|eot_id\|>|$)/g,
    calls: (inner = "") => callsInJson(inner),
  },
];

/** A text may become one of the forms as long as it is the beginning of one of these. */
const BEGINNINGS = [
  "<tool_call",
  "<|tool_call",
  "<function",
  "<|function_call",
  "<invoke name=",
  "<minimax:tool_call>",
  "<｜tool▁call",
  "[TOOL_CALLS]",
  "<|channel|>commentary to=",
  "<|start|>assistant<|channel|>commentary to=",
  "<|python_tag|>",
];

/** Whether a line, from its first character on, is the beginning of a leaked call, or could still become it. */
export function leaks(line: string): "yes" | "maybe" | "no" {
  if (BEGINNINGS.some((beginning) => line.startsWith(beginning))) return "yes";
  return BEGINNINGS.some((beginning) => beginning.startsWith(line)) ? "maybe" : "no";
}

/** What may remain around the blocks: closing tags and tokens of templates. */
const TOKENS = /<\/?[\w:]{1,30}>|<\|[^|<>]{1,60}\|>|<｜[^｜<>]{1,60}｜>|\[\/?[A-Z_]{1,20}\]/g;

/**
 * Judges a text that stands where a call may have leaked, from the beginning of its line to the end of the answer. It is run
 * only when nothing but calls is in it, each tool is offered and takes the arguments, and nobody but the model has said it.
 */
export function judgeLeaked(
  text: string,
  context: { tools: readonly ModelTool[]; said: readonly string[]; textBefore: boolean },
): Verdict {
  const form = FORMS.find(({ opens }) => opens.test(text));
  const { calls, rest } = form === undefined ? bareJson(text) : read(text);
  const named = calls.map((call) => ({ call, tool: resolveTool(call.name, context.tools) }));
  const offered = named.some(({ tool }) => tool !== undefined);
  if (form === undefined && !offered) return { kind: "text" };
  const quoted = calls.some((call) => isQuoted(call, context.said));
  const runnable =
    calls.length > 0 &&
    named.every(({ call, tool }) => {
      const objects = objectsIn(call.arguments);
      return (
        tool !== undefined && objects?.length === 1 && objects[0] !== undefined && tool.accept(objects[0]) !== undefined
      );
    });
  if (runnable && rest === "" && !quoted) return { kind: "calls", calls };
  if (quoted && (rest !== "" || context.textBefore)) return { kind: "text" };
  return offered || rest === "" ? { kind: "failed" } : { kind: "text" };
}

function read(text: string): { calls: WrittenCall[]; rest: string } {
  const calls: WrittenCall[] = [];
  let rest = text;
  for (const { block, calls: callsOf } of FORMS) {
    rest = rest.replace(block, (whole: string, ...parts: unknown[]) => {
      const groups = parts.filter((part): part is string => typeof part === "string").slice(0, -1);
      const found = callsOf(...groups);
      calls.push(...found);
      // A block that can't be read is no text either.
      return found.length > 0 || whole.includes("{") ? "" : whole;
    });
  }
  return { calls, rest: rest.replace(TOKENS, "").trim() };
}

/** The whole answer as one call in JSON: what Llama's templates leave when nothing marks it. */
function bareJson(text: string): { calls: WrittenCall[]; rest: string } {
  const calls = parseJson(text.trim()) === undefined ? [] : callsInJson(text);
  return { calls, rest: calls.length > 0 ? "" : text };
}

function callsInJson(text: string): WrittenCall[] {
  const objects = objectsIn(text.trim()) ?? [];
  const calls = objects.map(callIn);
  return calls.every((call) => call !== undefined) ? calls : [];
}

function callIn(object: Record<string, unknown>): WrittenCall | undefined {
  const inner = isRecord(object.function) ? object.function : object;
  const name = [inner.name, inner.tool, inner.tool_name, inner.function].find((value) => typeof value === "string");
  const args = inner.arguments ?? inner.parameters ?? inner.args ?? inner.input;
  if (typeof name !== "string" || args === undefined) return undefined;
  return { name, arguments: typeof args === "string" ? args : JSON.stringify(args) };
}

/** The parameters written one by one, or the text as it stands where there are none. */
function parametersOr(inner: string, pattern: RegExp): string {
  const found = [...inner.matchAll(pattern)].map(([, name = "", value = ""]) => [name.trim(), value]);
  return found.length > 0 ? JSON.stringify(Object.fromEntries(found)) : inner;
}
