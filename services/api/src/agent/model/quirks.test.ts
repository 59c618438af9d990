import { expect, test } from "vitest";
import { ProviderError } from "./errors.ts";
import type { Lesson } from "./lessons/lessons.ts";
import { lessonOf } from "./quirks.ts";

const SENT = {
  model: "m",
  messages: [],
  stream: true,
  tools: [],
  temperature: 0.2,
  max_tokens: 100,
  reasoning_effort: "low",
  thinking: { type: "enabled" },
};
const error = (message: string, more: object = {}) => ({ error: { message, ...more } });
const set = (path: string, value: string | number | boolean): Lesson => ({ kind: "set", path: path.split("."), value });
const drop = (path: string): Lesson => ({ kind: "drop", path: path.split(".") });

// biome-ignore format: a table reads better with a row on a line
test.each<[what: string, status: number, body: unknown, lesson: Lesson | undefined]>([
  ["OpenAI, of tools that need an effort", 400, error("Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.", { type: "invalid_request_error", param: "reasoning_effort" }), set("reasoning_effort", "none")],
  ["a sentence that demands a value", 400, error("parameter.enable_thinking must be set to false for this call"), set("enable_thinking", false)],
  ["a demand inside an object", 400, error("`thinking.type` must be 'disabled' when tools are used"), set("thinking.type", "disabled")],
  ["Kimi, of its only temperature", 400, error("invalid temperature: only 0.6 is allowed for this model"), set("temperature", 0.6)],
  ["a demand with an equals sign", 422, error("tool calls require parallel_tool_calls=false"), set("parallel_tool_calls", false)],
  ["a demand and another way", 400, error("Set reasoning_effort to 'none', or use /v1/responses."), set("reasoning_effort", "none")],
  ["a demand inside an object, with an equals sign", 400, error("For tools set chat_template_kwargs.enable_thinking=false"), set("chat_template_kwargs.enable_thinking", false)],
  ["the only value with its name", 400, error("Only temperature=1 is supported by this model"), set("temperature", 1)],
  ["pydantic, of one value", 422, { detail: [{ type: "literal_error", loc: ["body", "reasoning_effort"], msg: "Input should be 'none'" }] }, set("reasoning_effort", "none")],
  ["pydantic, of several values", 422, { detail: [{ type: "literal_error", loc: ["body", "reasoning_effort"], msg: "Input should be 'low', 'medium' or 'high'" }] }, drop("reasoning_effort")],
  ["a least value", 400, error("max_tokens must be 1000 or greater", { param: "max_tokens" }), drop("max_tokens")],
  ["a range", 400, error("temperature must be 0 to 0.1"), drop("temperature")],
  ["a largest value", 400, error("max_tokens is too large: 100. This model supports at most 50 completion tokens.", { param: "max_tokens" }), drop("max_tokens")],
  ["a word that is no parameter", 400, error("Input should be 5"), undefined],
  ["a list with one value", 400, error("Unsupported value: 'reasoning_effort' does not support 'low' with this model. Supported values are: 'medium'.", { param: "reasoning_effort" }), set("reasoning_effort", "medium")],
  ["a list with several values", 400, error("Unsupported value: 'reasoning_effort' does not support 'low' with this model. Supported values are: 'medium', and 'high'.", { param: "reasoning_effort", code: "unsupported_value" }), drop("reasoning_effort")],
  ["OpenAI, of a temperature", 400, error("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", { param: "temperature", code: "unsupported_value" }), drop("temperature")],
  ["OpenAI, of max_tokens", 400, error("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { param: "max_tokens", code: "unsupported_parameter" }), { kind: "rename", path: ["max_tokens"], to: "max_completion_tokens" }],
  ["older OpenAI, of an unknown parameter", 400, error("Unrecognized request argument supplied: reasoning_effort"), drop("reasoning_effort")],
  ["Mistral, of an unknown parameter", 422, { object: "error", message: { detail: [{ type: "extra_forbidden", loc: ["body", "reasoning_effort"], msg: "Extra inputs are not permitted" }] } }, drop("reasoning_effort")],
  ["FastAPI, of an unknown parameter", 422, { detail: [{ type: "extra_forbidden", loc: ["body", "thinking", "type"], msg: "Extra inputs are not permitted" }] }, drop("thinking.type")],
  ["Gemini, of an unknown parameter", 400, [{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "reasoning_effort": Cannot find field.', status: "INVALID_ARGUMENT" } }], drop("reasoning_effort")],
  ["a server that demands max_tokens", 400, error("max_tokens: Field required", { type: "invalid_request_error" }), undefined],
  ["a server that does not stream", 400, error("Streaming is not supported with tools"), set("stream", false)],
  ["llama.cpp, of streams with tools", 500, error("Cannot use tools with stream", { code: 500 }), set("stream", false)],
  ["OpenAI, of the system role", 400, error("Unsupported value: 'messages[0].role' does not support 'system' with this model.", { param: "messages[0].role", code: "unsupported_value" }), { kind: "no-system-role" }],
  ["a chat template without a system role", 500, error("System role not supported", { code: 500 }), { kind: "no-system-role" }],
  ["Mistral, of ids", 400, { object: "error", message: "Tool call id was call_49c89af0 but must be a-z, A-Z, 0-9, with a length of 9.", type: "invalid_function_call", code: "3280" }, { kind: "call-id", length: 9 }],
  ["DeepSeek, of missing reasoning", 400, error("Missing `reasoning_content` field in the assistant message at message index 2.", { code: "invalid_request_error" }), { kind: "reasoning-field", field: "reasoning_content" }],
  ["Kimi, of missing reasoning", 400, error("thinking is enabled but reasoning_content is missing in assistant tool call message at index 2"), { kind: "reasoning-field", field: "reasoning_content" }],
  ["Groq, of reasoning in the history", 400, error("'messages.2' : for 'role:assistant' the following must be satisfied[('messages.2' : property 'reasoning_content' is unsupported)]"), { kind: "drop-message-field", field: "reasoning_content" }],
  ["OpenAI, of a field of a message", 400, error("Unknown parameter: 'messages[1].reasoning'.", { param: "messages[1].reasoning", code: "unknown_parameter" }), { kind: "drop-message-field", field: "reasoning" }],
  ["Gemini, of a field of a call", 400, [{ error: { code: 400, message: "Invalid JSON payload received. Unknown name \"extra_content\" at 'messages[1].tool_calls[0]': Cannot find field.", status: "INVALID_ARGUMENT" } }], { kind: "drop-message-field", field: "extra_content" }],
  ["something it does not name", 400, error("Bad request"), undefined],
  ["a model without tools", 400, error("m does not support tools"), undefined],
  ["an organization that is not verified", 400, error("Your organization must be verified to stream this model.", { param: "stream", code: "unsupported_value" }), undefined],
  ["the model", 404, error("The model `x` does not exist", { param: "model" }), undefined],
  ["a key", 401, error("set reasoning_effort to 'none'"), undefined],
  ["tools, whatever it asks for", 400, error("tools must be set to null", { param: "tools" }), undefined],
])("what %s says teaches this", (_what, status, body, lesson) => {
  expect(lessonOf(new ProviderError({ status, body }), SENT)).toEqual(lesson);
});

test("a parameter that a server demands without a value gets a usual one", () => {
  const { max_tokens: _, ...sent } = SENT;
  const refusal = new ProviderError({ status: 400, body: error("max_tokens: Field required") });
  expect(lessonOf(refusal, sent)).toEqual(set("max_tokens", 4_096));
});
