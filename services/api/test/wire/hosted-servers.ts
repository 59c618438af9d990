import {
  calls,
  chunk,
  DONE,
  END,
  event,
  fin,
  fn,
  type Reply,
  ROLE,
  refusal,
  standardCall,
  type WireRequest,
} from "../harness/wire.ts";
import type { ModelServer } from "./servers.ts";

const key = (name: string) => ({ apiKeySecretRef: { name, key: "apiKey" } });
const error = (message: string, more: object = {}) => ({ error: { message, type: "invalid_request_error", ...more } });
const withCalls = ({ messages }: WireRequest) => messages.filter(({ tool_calls }) => tool_calls !== undefined);
const add = (args: unknown) => fn("add_task", args);

/** OpenAI and those that are as strict: no field of a message that it does not know. */
const strict = ({ messages }: WireRequest): Reply | undefined => {
  const known = new Set(["role", "content", "tool_calls", "tool_call_id", "name", "refusal"]);
  for (const [at, message] of messages.entries()) {
    const field = Object.keys(message).find((name) => !known.has(name));
    if (field === undefined) continue;
    const param = `messages[${at}].${field}`;
    return refusal(400, error(`Unknown parameter: '${param}'.`, { param, code: "unknown_parameter" }));
  }
  return undefined;
};

/** Providers that run their own models. */
export const HOSTED_SERVERS: readonly ModelServer[] = [
  {
    name: "OpenAI",
    versions: "gpt-4o, gpt-4.1, gpt-5, gpt-5-mini, gpt-5.1 to gpt-5.4",
    set: "`name` and `apiKeySecretRef`; no `baseURL`. OpenAI streams gpt-5 models to verified organizations only. A model that is offered through the Responses API alone can't be used yet.",
    wire: "It takes `max_completion_tokens` and no temperature with its reasoning models; both are learned from its refusals.",
    model: { name: "gpt-4.1-mini", maxOutputTokens: 2000, ...key("openai") },
    sends: (args) => standardCall("add_task", args),
    refuses: (request) =>
      "max_tokens" in request
        ? refusal(
            400,
            error(
              "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
              { param: "max_tokens", code: "unsupported_parameter" },
            ),
          )
        : strict(request),
  },
  {
    name: "OpenAI gpt-5.5 and gpt-5.6",
    versions: "gpt-5.5, gpt-5.6",
    set: "With `reasoningEffort: none` no request is refused first. Without it each API pod learns this from one refused request, and again every six hours.",
    wire: "They take tools through chat completions only with `reasoning_effort` set to none.",
    model: { name: "gpt-5.6", reasoningEffort: "none", ...key("openai") },
    sends: (args) => standardCall("add_task", args),
    refuses: (request) =>
      request.reasoning_effort === "none"
        ? strict(request)
        : refusal(
            400,
            error(
              "Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
              { param: "reasoning_effort" },
            ),
          ),
  },
  {
    name: "Azure OpenAI, v1 address",
    versions: "the v1 API, without api-version",
    set: "`baseURL` with `/openai/v1`; `name` is the name of the deployment.",
    wire: "The first event has no choices, and others have no delta. Its content filter refuses with status 400.",
    model: { name: "my-deployment", baseURL: "https://example.openai.azure.com/openai/v1", ...key("azure") },
    sends: (args) =>
      event({
        choices: [],
        created: 0,
        id: "",
        model: "",
        object: "",
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
      }) +
      ROLE +
      calls({ index: 0, id: "call_a", ...add("") }) +
      calls({ index: 0, function: { arguments: args } }) +
      fin("tool_calls") +
      event({
        choices: [{ content_filter_offsets: {}, content_filter_results: {}, finish_reason: null, index: 0 }],
        id: "",
        object: "",
      }) +
      DONE,
    refuses: strict,
  },
  {
    name: "Azure OpenAI, deployment address",
    versions: "api-version 2024-10-21",
    set: "`baseURL` with the deployment and its `api-version`, and the key as the header `api-key`.",
    wire: "As with the v1 address.",
    model: {
      name: "my-deployment",
      baseURL: "https://example.openai.azure.com/openai/deployments/my-deployment?api-version=2024-10-21",
      headers: [{ name: "api-key", valueFrom: { secretKeyRef: { name: "azure", key: "apiKey" } } }],
    },
    sends: (args) => standardCall("add_task", args),
    refuses: strict,
  },
  {
    name: "Gemini",
    versions: "Google's OpenAI-compatible endpoint; Gemini 2.5 and 3",
    set: "`baseURL` with `/v1beta/openai`.",
    wire: "Gemini 3 puts a signature on each call and wants it back. Parallel calls all have index 0, and errors come in a list.",
    model: {
      name: "gemini-3-flash",
      baseURL: "https://generativelanguage.googleapis.com/v1beta/openai",
      ...key("gemini"),
    },
    sends: (args) =>
      chunk(
        {
          role: "assistant",
          tool_calls: [
            { index: 0, id: "function-call-1", extra_content: { google: { thought_signature: "CpEB" } }, ...add(args) },
          ],
        },
        "tool_calls",
      ) + DONE,
    refuses: (request) =>
      withCalls(request).every(({ tool_calls }) =>
        JSON.stringify(tool_calls?.[0]).includes('"thought_signature":"CpEB"'),
      )
        ? undefined
        : refusal(400, [
            {
              error: {
                code: 400,
                message: "Function call is missing a thought_signature in functionCall parts.",
                status: "INVALID_ARGUMENT",
              },
            },
          ]),
  },
  {
    name: "Anthropic",
    versions: "the OpenAI-compatible endpoint; Claude 4 and later",
    set: "`baseURL` with `/v1`. Anthropic means this endpoint for tests; a gateway such as LiteLLM offers more.",
    wire: "Calls count from 1 when text comes first, and gateways send an empty object before the arguments.",
    model: { name: "claude-sonnet-4-6", baseURL: "https://api.anthropic.com/v1", ...key("anthropic") },
    sends: (args) =>
      ROLE +
      calls({ index: 1, id: "toolu_01", ...add("{}") }) +
      calls({ index: 1, id: null, function: { name: "", arguments: args } }) +
      END,
  },
  {
    name: "Mistral",
    versions: "La Plateforme; Mistral, Ministral, Magistral",
    set: "`baseURL` with `/v1`.",
    wire: "It wants call ids of nine letters and digits, and no question right after a tool's result. Magistral sends its reasoning as a part of the content.",
    model: { name: "mistral-medium-latest", baseURL: "https://api.mistral.ai/v1", ...key("mistral") },
    sends: (args) =>
      ROLE +
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "a task" }] }] }) +
      calls({ index: 0, id: "D681PevKs", ...add(args) }) +
      END,
    refuses: (request) => {
      const wrong = withCalls(request)
        .flatMap(({ tool_calls }) => tool_calls ?? [])
        .find(({ id }) => !/^[a-zA-Z0-9]{9}$/.test(id));
      if (wrong !== undefined)
        return refusal(400, {
          object: "error",
          message: `Tool call id was ${wrong.id} but must be a-z, A-Z, 0-9, with a length of 9.`,
          type: "invalid_function_call",
          param: null,
          code: "3280",
        });
      const order = request.messages.some(
        ({ role }, at) => role === "user" && request.messages[at - 1]?.role === "tool",
      );
      return order
        ? refusal(400, {
            object: "error",
            message: "Unexpected role 'user' after role 'tool'",
            type: "invalid_request_message_order",
            code: "3230",
          })
        : undefined;
    },
  },
  {
    name: "DeepSeek",
    versions: "V3.2 and V4, with thinking or without",
    set: "`baseURL` with `/v1`.",
    wire: "With thinking it wants its `reasoning_content` back with every call.",
    model: { name: "deepseek-chat", baseURL: "https://api.deepseek.com/v1", ...key("deepseek") },
    sends: (args) =>
      chunk({ role: "assistant", content: null, reasoning_content: "I should add it." }) +
      calls({ index: 0, id: "call_00_x", ...add(args) }) +
      END,
    refuses: (request) =>
      withCalls(request).every((message) => typeof message.reasoning_content === "string")
        ? undefined
        : refusal(
            400,
            error("Missing `reasoning_content` field in the assistant message at message index 2.", {
              code: "invalid_request_error",
            }),
          ),
  },
  {
    name: "Kimi",
    versions: "Moonshot's API; K2, K2.5 and later",
    set: "`baseURL` with `/v1`. Its models allow one temperature; leave `temperature` unset.",
    wire: "Its call ids hold the tool's name and come back unchanged. With thinking it wants its reasoning back, also in later runs.",
    model: { name: "kimi-k2.5", baseURL: "https://api.moonshot.ai/v1", ...key("kimi") },
    sends: (args) =>
      chunk({ role: "assistant", content: "", reasoning_content: "A task." }) +
      calls({ index: 0, id: "functions.add_task:0", ...add(args) }) +
      END,
    refuses: (request) =>
      withCalls(request).every((message) => Boolean(message.reasoning_content))
        ? undefined
        : refusal(
            400,
            error("thinking is enabled but reasoning_content is missing in assistant tool call message at index 2"),
          ),
  },
  {
    name: "Groq",
    versions: "GroqCloud; gpt-oss, Llama, Qwen",
    set: "`baseURL` with `/openai/v1`.",
    wire: "It reports a call that it could not parse as an error, after which the API asks again. It sends reasoning, and refuses it in the history.",
    model: { name: "openai/gpt-oss-120b", baseURL: "https://api.groq.com/openai/v1", ...key("groq") },
    sends: (args) =>
      chunk({ role: "assistant", content: null, reasoning: "A task." }) +
      calls({ index: 0, id: "fc_1", ...add(args) }) +
      END,
    refuses: ({ messages }) => {
      const at = messages.findIndex((message) => "reasoning" in message);
      return at < 0
        ? undefined
        : refusal(
            400,
            error(
              `'messages.${at}' : for 'role:assistant' the following must be satisfied[('messages.${at}' : property 'reasoning' is unsupported)]`,
            ),
          );
    },
  },
];
