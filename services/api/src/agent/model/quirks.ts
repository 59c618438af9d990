import type { ProviderError } from "./errors.ts";
import type { Lesson } from "./lessons/lessons.ts";
import { parameterLesson, refusesStream } from "./lessons/parameters.ts";
import { kindOf, type Said, saidBy } from "./refusal-sentences.ts";

/** The body of a refused request. */
export type Sent = Readonly<Record<string, unknown>>;

/** One thing in which servers differ, told by the server that refuses a request and never by the name of a model. */
export interface Quirk {
  readonly name: string;
  /** The servers that need it, and what they say. */
  readonly servers: string;
  /** What has to change in the request for the server to take it; undefined where the refusal is about something else. */
  readonly learn: (said: Said, sent: Sent) => Lesson | undefined;
}

/**
 * All quirks of requests, in the order in which they are tried, because a refusal may name several things. The quirks of
 * answers need no table: one reader takes all of their forms.
 */
export const QUIRKS: readonly Quirk[] = [
  {
    name: "no system role",
    servers: "OpenAI o1-mini; Gemma's and older Mistral's templates in llama.cpp, vLLM and Text Generation Inference",
    learn: systemRole,
  },
  {
    name: "form of call ids",
    servers: "Mistral's API, and Mistral's templates in local servers, which want nine letters and digits",
    learn: callId,
  },
  {
    name: "reasoning must come back",
    servers: "DeepSeek V4 and Kimi K2.5 and later, for messages from before or from another model",
    learn: reasoningField,
  },
  {
    name: "field of a message refused",
    servers: "Groq and OpenAI for reasoning in the history; Gemini's own endpoint for fields that it does not know",
    learn: messageField,
  },
  {
    name: "parameter refused or demanded",
    servers:
      "OpenAI gpt-5.5 and 5.6, which take tools only with reasoning_effort none; OpenAI o-series and gpt-5, which take max_completion_tokens and no temperature; Kimi, Mistral, Qwen, Groq and FastAPI servers for parameters that they don't know or allow one value",
    learn: parameterLesson,
  },
  {
    name: "no streaming",
    servers: "llama.cpp of 2025 and gateways that can't stream calls",
    learn: stream,
  },
];

/** What a refusal teaches; undefined when it names nothing that could be sent in another way. */
export function lessonOf(error: ProviderError, sent: Sent): Lesson | undefined {
  const said = saidBy(error);
  if (!isRefusal(said)) return undefined;
  for (const { learn } of QUIRKS) {
    const lesson = learn(said, sent);
    if (lesson !== undefined) return lesson;
  }
  return undefined;
}

/** Refusals of a request's form. The others are about the account, the question or the address. */
const OF_FORM = new Set(["refused", "tools", "other API", "problem"]);

/** Whether the server understood the request and refused its form. Some servers answer 500 where a template fails. */
function isRefusal(said: Said): boolean {
  const { status = 400, html, words } = said;
  if (html === true || words === "" || !OF_FORM.has(kindOf(said).name)) return false;
  return status <= 501;
}

/** "Unsupported value: 'messages[0].role' does not support 'system'", "System role not supported". */
function systemRole({ words, param }: Said): Lesson | undefined {
  const about = /system role|role.{0,40}system|system.{0,20}role/.test(`${words} ${param ?? ""}`);
  return about && /not support|unsupported|invalid|only user and assistant/.test(words)
    ? { kind: "no-system-role" }
    : undefined;
}

/** "Tool call id was X but must be a-z, A-Z, 0-9, with a length of 9." */
function callId({ words }: Said): Lesson | undefined {
  if (!/(tool|function).?call.?id|call id/.test(words)) return undefined;
  const length = Number(
    /length of (\d{1,3})|exactly (\d{1,3})|(\d{1,3}) (?:characters|letters)/.exec(words)?.slice(1).find(Boolean),
  );
  return length >= 4 && length <= 64 ? { kind: "call-id", length } : undefined;
}

/** "reasoning_content is missing in assistant tool call message", "Missing `reasoning_content` field in the assistant message". */
function reasoningField({ words }: Said): Lesson | undefined {
  if (!/missing|required|must (not be empty|be provided|have|include)/.test(words) || !words.includes("assistant")) {
    return undefined;
  }
  const field = /\b(?:reasoning|thinking)_[a-z_]+\b/.exec(words)?.[0];
  return field === undefined ? undefined : { kind: "reasoning-field", field };
}

/** Fields of the protocol, without which a message says nothing. */
const NEEDED = new Set([
  "role",
  "content",
  "tool_calls",
  "tool_call_id",
  "id",
  "type",
  "function",
  "name",
  "arguments",
]);

/** "'messages.2' : property 'reasoning_content' is unsupported", "Unknown name \"extra_content\" at 'messages[1].tool_calls[0]'". */
function messageField({ words, param }: Said): Lesson | undefined {
  const text = `${words} ${param ?? ""}`.toLowerCase();
  if (
    !/\bmessages?\b/.test(text) ||
    !/unsupported|unknown|not support|not permitted|extra|cannot find|unexpected|additional/.test(words)
  ) {
    return undefined;
  }
  const forms = [
    /messages[[.]\d+\]?(?:\.[a-z_]+(?:[[.]\d+\]?)?)*\.([a-z_]+)/,
    /(?:property|unknown name|field|key) ["'`]?([a-z_]+)["'`]?/,
  ];
  const field = forms.map((form) => form.exec(text)?.[1]).find((name) => name !== undefined && !NEEDED.has(name));
  return field === undefined ? undefined : { kind: "drop-message-field", field };
}

function stream(said: Said, sent: Sent): Lesson | undefined {
  return sent.stream === true && refusesStream(said) ? { kind: "set", path: ["stream"], value: false } : undefined;
}
