import { createHash } from "node:crypto";
import { isRecord } from "@taskassistant/contracts";
import { parseJson } from "./calls/json-text.ts";
import type { AgentMessage, ToolCall } from "./driver.ts";

type Assistant = Extract<AgentMessage, { role: "assistant" }>;
type Result = Extract<AgentMessage, { role: "tool" }>;

/** Stand where something is missing that providers demand. */
const NO_RESULT = "(The result of this call is not kept.)";
const NO_ANSWER = "(No answer is kept here.)";

/**
 * The messages in the form that the strictest server accepts, whatever was stored: each message with calls is followed at
 * once by one result per call, ids differ in the whole request and are equal in call and result, arguments are the text of
 * an object, and an assistant's message stands between a result and the next question. What is right already stays as it is.
 */
export function withInvariants(messages: readonly AgentMessage[]): AgentMessage[] {
  const kept: AgentMessage[] = [];
  const used = new Set<string>();
  for (const [at, message] of messages.entries()) {
    // Results are added with their calls.
    if (message.role === "tool") continue;
    const before = kept.at(-1)?.role;
    if (message.role === "user" && (before === "tool" || before === "user")) {
      kept.push({ role: "assistant", content: NO_ANSWER, calls: [] });
    }
    if (message.role !== "assistant") kept.push(message);
    else kept.push(...exchange(message, resultsAfter(messages, at), used));
  }
  return kept;
}

/** An assistant's message and the results of its calls. */
function exchange(message: Assistant, results: readonly Result[], used: Set<string>): AgentMessage[] {
  if (message.calls.length === 0) return [message.content === "" ? { ...message, content: NO_ANSWER } : message];
  const waiting = [...results];
  const pairs = message.calls.map((call, at) => {
    const own = waiting.findIndex((result) => result.callId === call.id);
    const [result] = own < 0 ? [] : waiting.splice(own, 1);
    const id = freeId(call, at, used);
    used.add(id);
    const content = result === undefined ? NO_RESULT : result.content;
    return { call: withId(call, id), result: { role: "tool" as const, callId: id, content } };
  });
  return [{ ...message, calls: pairs.map(({ call }) => call) }, ...pairs.map(({ result }) => result)];
}

function withId(call: ToolCall, id: string): ToolCall {
  return { ...call, id, arguments: isRecord(parseJson(call.arguments)) ? call.arguments : "{}" };
}

function resultsAfter(messages: readonly AgentMessage[], at: number): Result[] {
  const end = messages.findIndex((message, index) => index > at && message.role !== "tool");
  const following = messages.slice(at + 1, end < 0 ? undefined : end);
  return following.filter((message): message is Result => message.role === "tool");
}

/** The call's own id or, where an earlier call has it, one that is always the same for the same call. */
function freeId(call: ToolCall, at: number, used: ReadonlySet<string>): string {
  if (call.id !== "" && !used.has(call.id)) return call.id;
  for (let attempt = 0; ; attempt++) {
    const text = JSON.stringify([call.id, call.name, call.arguments, at, attempt]);
    const id = `call_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
    if (!used.has(id)) return id;
  }
}
