import { createHash } from "node:crypto";
import { type ModelRequest, textOf } from "./request.ts";
import type { ParsedStep } from "./steps.ts";

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/** One tool call of an answer, its arguments as the text that goes over the wire. */
export interface AnswerCall {
  id: string;
  name: string;
  arguments: string;
}

/** Stable ids: the same request gets the same ones, another request never does. */
export function createIds(request: ModelRequest): { completion: string; call(index: number): string } {
  const digest = createHash("sha256")
    .update(JSON.stringify([request.model, request.messages]))
    .digest("hex");
  return { completion: `chatcmpl-${digest.slice(0, 24)}`, call: (index) => `call_${digest.slice(24, 44)}_${index}` };
}

/** The tool calls among the steps, with ids. */
export function callsOf(steps: readonly ParsedStep[], request: ModelRequest): AnswerCall[] {
  const ids = createIds(request);
  return steps
    .filter((step) => step.type === "tool_call")
    .map((step, index) => ({
      id: step.id ?? ids.call(index),
      name: step.name,
      arguments: typeof step.arguments === "string" ? step.arguments : JSON.stringify(step.arguments),
    }));
}

export function finishReasonOf(steps: readonly ParsedStep[]): string {
  const forced = steps.find((step) => step.type === "finish");
  if (forced !== undefined) return forced.reason;
  return steps.some((step) => step.type === "tool_call") ? "tool_calls" : "stop";
}

/** Four characters a token: an estimate, but a stable one. */
export function usageOf(request: ModelRequest, steps: readonly ParsedStep[]): Usage {
  const prompt = request.messages.map((message) => textOf(message) + JSON.stringify(message.tool_calls ?? "")).join("");
  const text = steps.map((step) => (step.type === "text" ? step.text : "")).join("");
  const calls = callsOf(steps, request)
    .map((call) => call.name + call.arguments)
    .join("");
  const tokens = (count: number) => Math.max(1, Math.ceil(count / 4));
  const prompt_tokens = tokens(prompt.length + JSON.stringify(request.tools ?? "").length);
  const completion_tokens = tokens(text.length + calls.length);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The answer in one piece (`stream` off). */
export function completionOf(request: ModelRequest, steps: readonly ParsedStep[]): object {
  const text = steps.map((step) => (step.type === "text" ? step.text : "")).join("");
  const calls = callsOf(steps, request).map(({ id, name, arguments: args }) => ({
    id,
    type: "function",
    function: { name, arguments: args },
  }));
  const message = {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return {
    id: createIds(request).completion,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(steps) }],
    usage: usageOf(request, steps),
  };
}
