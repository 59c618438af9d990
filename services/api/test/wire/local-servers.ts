import { calls, chunk, DONE, END, fn, ROLE, refusal, standardCall, type WireRequest } from "../harness/wire.ts";
import type { ModelServer } from "./servers.ts";

const key = (name: string) => ({ apiKeySecretRef: { name, key: "apiKey" } });
const error = (message: string, more: object = {}) => ({ error: { message, type: "invalid_request_error", ...more } });
const withCalls = ({ messages }: WireRequest) => messages.filter(({ tool_calls }) => tool_calls !== undefined);
const add = (args: unknown) => fn("add_task", args);

/** Gateways, and servers that people run themselves. */
export const LOCAL_SERVERS: readonly ModelServer[] = [
  {
    name: "OpenRouter",
    versions: "chat completions, any route with tools",
    set: "`baseURL` with `/api/v1`. `extraBody` chooses the providers that may serve the model.",
    wire: "Comments keep the connection open, errors come inside answers, and a model may have no route with tools.",
    model: {
      name: "anthropic/claude-sonnet-4.6",
      baseURL: "https://openrouter.ai/api/v1",
      extraBody: '{"provider":{"require_parameters":true}}',
      ...key("openrouter"),
    },
    sends: (args) =>
      `: OPENROUTER PROCESSING\n\n${ROLE}${chunk({ content: "", reasoning: "hm", reasoning_details: [{ type: "reasoning.text", text: "hm" }] })}${calls({ index: 0, id: "tool_0_add_task", ...add(args) })}${END}`,
  },
  {
    name: "LiteLLM",
    versions: "the proxy, 1.80 and later",
    set: "`baseURL` of the proxy, with or without `/v1`; plain http is allowed inside the cluster. `name` is a name of its configuration. Run it with `DISABLE_AIOHTTP_TRANSPORT=True`: without it, an answer that its model breaks off looks as if it were whole.",
    wire: "In front of Gemini it hides the signature in the call id, which may have thousands of characters and comes back unchanged.",
    model: { name: "gemini", baseURL: "http://litellm.gateway.svc:4000/v1", ...key("litellm") },
    sends: (args) => standardCall("add_task", args, `call_${args.replace(/\W/g, "")}__thought__${"c3Nz".repeat(60)}`),
    refuses: (request) =>
      withCalls(request).every(({ tool_calls }) => tool_calls?.[0]?.id.endsWith(`__thought__${"c3Nz".repeat(60)}`))
        ? undefined
        : refusal(400, error("Function call is missing a thought_signature in functionCall parts.")),
  },
  {
    name: "Ollama",
    versions: "0.9 and later, models with the capability `tools`",
    set: "`baseURL` with `/v1`; no key. Ollama silently cuts off what exceeds its context: give the model a large one (`OLLAMA_CONTEXT_LENGTH`).",
    wire: "It sends whole calls in one event, and errors as a text.",
    model: { name: "qwen3:8b", baseURL: "http://ollama.models.svc:11434/v1", timeout: "5m" },
    sends: (args) =>
      chunk({ role: "assistant", content: "", tool_calls: [{ id: "call_k8w2", index: 0, ...add(args) }] }) +
      chunk({ role: "assistant", content: "" }, "stop") +
      DONE,
  },
  {
    name: "vLLM",
    versions: "0.8 and later",
    set: "Start it with `--enable-auto-tool-choice` and the `--tool-call-parser` of the model. `baseURL` with `/v1`.",
    wire: "Arguments may be missing or null before they come.",
    model: { name: "Qwen/Qwen3-32B", baseURL: "http://vllm.models.svc:8000/v1" },
    sends: (args) =>
      ROLE +
      calls({ index: 0, id: "InRVNk0Ic", type: "function", function: { name: "add_task" } }) +
      calls({ index: 0, function: { arguments: null } }) +
      calls({ index: 0, function: { arguments: args } }) +
      END,
  },
  {
    name: "llama.cpp",
    versions: "llama-server of November 2025 and later, and what is built on it",
    set: "Start it with `--jinja`. `baseURL` with `/v1`; no key unless it was started with one. While all of its slots (`--parallel`) are busy, a question waits for its first byte: raise `timeout`.",
    wire: "Some versions fail on large bounds in a tool's schema, so none are sent. Reasoning may come as text that ends with a tag. When it is stopped, it leaves the connections of unfinished answers open and silent, which `idleTimeout` ends.",
    model: { name: "any", baseURL: "http://llama.models.svc:8080/v1", timeout: "10m" },
    sends: (args) =>
      `${ROLE}${chunk({ content: "Okay, a task.\n</think>\n\n" })}${calls({ index: 0, id: "a", ...add(args) })}${END}`,
    refuses: ({ tools }) =>
      /":\d{4,}/.test(JSON.stringify(tools))
        ? refusal(400, {
            error: {
              code: 400,
              message: "Failed to initialize samplers: failed to parse grammar",
              type: "invalid_request_error",
            },
          })
        : undefined,
  },
  {
    name: "LM Studio",
    versions: "0.3.15 and later",
    set: "`baseURL` with `/v1`. It runs outside the cluster as a rule, so plain http has to be allowed.",
    wire: "Reasoning may come as text between tags. Older versions refuse messages without a text.",
    model: { name: "qwen/qwen3-14b", baseURL: "http://lmstudio.example.com:1234/v1", allowPlaintext: true },
    sends: (args) =>
      `${ROLE}${chunk({ content: "<think>\nA task.\n</think>\n\n" })}${calls({ index: 0, id: "a", ...add(args) })}${END}`,
    refuses: ({ messages }) =>
      messages.every(({ content }) => typeof content === "string")
        ? undefined
        : refusal(400, { error: "Invalid 'content': 'content' field must be a string or an array of objects." }),
  },
];
