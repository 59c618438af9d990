import { calls, chunk, DONE, fn, type Reply, refusal, type WireRequest } from "../harness/wire.ts";
import { MILK } from "./rows.ts";

/** A call of `add_task` with these arguments. */
export const add = (args: unknown) => fn("add_task", args);
/** What Gemini 3 answers to a call without its signature. */
export const NO_SIGNATURE = refusal(400, [
  {
    error: {
      code: 400,
      message: "Function call is missing a thought_signature in functionCall parts.",
      status: "INVALID_ARGUMENT",
    },
  },
]);
/** The state that Gemini 3 puts on a call. */
export const SIGNATURE = { google: { thought_signature: "CpEB…" } };
/** An answer of Gemini 3 with one call. */
export const SIGNED =
  chunk(
    { role: "assistant", tool_calls: [{ index: 0, id: "function-call-1", extra_content: SIGNATURE, ...add(MILK) }] },
    "tool_calls",
  ) + DONE;
/** An answer with reasoning and a call of this id. */
export const REASONED = (id: string) =>
  chunk({ role: "assistant", content: null, reasoning_content: "I should " }) +
  chunk({ reasoning_content: "add it." }) +
  calls({ index: 0, id, ...add(MILK) }) +
  chunk({ content: "" }, "tool_calls") +
  DONE;

/** The messages that hold calls. */
export const withCalls = ({ messages }: WireRequest) => messages.filter(({ tool_calls }) => tool_calls !== undefined);
/** The ids of all calls. */
export const ids = (request: WireRequest | undefined) =>
  (request?.messages ?? []).flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));

/** Refuses what lacks the signature, as Gemini 3 does. */
export function withoutSignature(request: WireRequest): Reply | undefined {
  const [call] = withCalls(request).at(-1)?.tool_calls ?? [];
  return call === undefined || "extra_content" in call ? undefined : NO_SIGNATURE;
}

/** Refuses calls without reasoning, as DeepSeek and Kimi do. */
export function withoutReasoning(request: WireRequest): Reply | undefined {
  const at = request.messages.findIndex(
    ({ tool_calls, reasoning_content }) => tool_calls !== undefined && !reasoning_content,
  );
  if (at < 0) return undefined;
  const words = `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${at}`;
  return refusal(400, { error: { message: words, type: "invalid_request_error" } });
}

/** Refuses other ids than nine letters and digits, and a question straight after a result, as Mistral does. */
export function unlikeMistral(request: WireRequest): Reply | undefined {
  const wrong = ids(request).find((id) => !/^[a-zA-Z0-9]{9}$/.test(id));
  if (wrong !== undefined) {
    const words = `Tool call id was ${wrong} but must be a-z, A-Z, 0-9, with a length of 9.`;
    return refusal(400, { object: "error", message: words, type: "invalid_function_call", param: null, code: "3280" });
  }
  const { messages } = request;
  if (messages.some(({ role }, at) => role === "user" && messages[at - 1]?.role === "tool")) {
    const words = "Unexpected role 'user' after role 'tool'";
    return refusal(400, {
      object: "error",
      message: words,
      type: "invalid_request_message_order",
      param: null,
      code: "3230",
    });
  }
  return undefined;
}
