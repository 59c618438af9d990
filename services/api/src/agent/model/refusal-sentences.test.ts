import { expect, test } from "vitest";
import { ProviderError } from "./errors.ts";
import { kindOf, saidBy } from "./refusal-sentences.ts";

/** An error as it comes over the wire: its status, and a body that may be JSON. */
function refusal(status: number, body: unknown, headers: Record<string, string> = {}): ProviderError {
  return new ProviderError({ status, body, headers: new Headers(headers) });
}
const error = (message: string, more: object = {}) => ({ error: { message, ...more } });

/** What servers really answer, and the kind it is. */
// biome-ignore format: a table reads better with a row on a line
test.each<[what: string, status: number, body: unknown, kind: string]>([
  ["Ollama, of a model without tools", 400, error("registry.ollama.ai/library/gemma3:1b does not support tools", { type: "api_error" }), "tools"],
  ["OpenRouter, of routes without tools", 404, error("No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing", { code: 404 }), "tools"],
  ["vLLM, started without a tool parser", 400, { object: "error", message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', type: "BadRequestError", code: 400 }, "tools"],
  ["llama.cpp, started without templates", 500, error("tools param requires --jinja flag", { code: 500, type: "server_error" }), "tools"],
  ["a gateway that knows no functions", 400, error("Function calling is not enabled for this model"), "tools"],
  ["OpenAI, of an organization that is not verified", 400, error("Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.", { type: "invalid_request_error", param: "stream", code: "unsupported_value" }), "access"],
  ["OpenAI, of a country", 403, error("Country, region, or territory not supported", { type: "request_forbidden", code: "unsupported_country_region_territory" }), "access"],
  ["Gemini, of a place", 400, [{ error: { code: 400, message: "User location is not supported for the API use.", status: "FAILED_PRECONDITION" } }], "access"],
  ["OpenRouter, of a data policy", 404, error("No endpoints found matching your data policy", { code: 404 }), "access"],
  ["LiteLLM, of a key for other models", 401, error("key not allowed to access model. This key can only access models=['a']. Tried to access b", { type: "key_model_access_denied", code: "401" }), "access"],
  ["OpenAI, of a key with few scopes", 401, error("You have insufficient permissions for this operation. Missing scopes: model.request."), "access"],
  ["Azure, of a network", 403, error("Access denied due to Virtual Network/Firewall rules.", { code: "403" }), "access"],
  ["a bare 403", 403, "", "access"],
  ["OpenAI, of a model of another API", 404, error("This model is only supported in v1/responses and not in v1/chat/completions.", { type: "invalid_request_error", param: "model" }), "other API"],
  ["OpenAI, of a completion model", 404, error("This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?", { type: "invalid_request_error", param: "model" }), "other API"],
  ["Ollama, of an embedding model", 400, error('"nomic-embed-text" does not support chat'), "other API"],
  ["OpenAI, too long", 400, error("This model's maximum context length is 8192 tokens. However, your messages resulted in 8264 tokens.", { code: "context_length_exceeded", param: "messages" }), "too long"],
  ["llama.cpp, too long", 400, error("the request exceeds the available context size", { code: 400, type: "exceed_context_size_error" }), "too long"],
  ["Anthropic, too long", 400, { type: "error", error: { type: "invalid_request_error", message: "prompt is too long: 210000 tokens > 200000 maximum" } }, "too long"],
  ["Gemini, too long", 400, [{ error: { code: 400, message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", status: "INVALID_ARGUMENT" } }], "too long"],
  ["Mistral, too long", 400, { object: "error", message: "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", type: "invalid_request_error", code: "3051" }, "too long"],
  ["Kimi, too long", 400, error("Invalid request: Your request exceeded model token limit: 8192", { type: "invalid_request_error" }), "too long"],
  ["Groq, larger than the tokens of a minute", 413, error("Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000", { code: "rate_limit_exceeded", type: "tokens" }), "too long"],
  ["Text Generation Inference, too long", 422, { error: "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens", error_type: "validation" }, "too long"],
  ["a gateway with a small body", 413, "<html><body>Request Entity Too Large</body></html>", "too long"],
  ["Groq, of a call it could not read", 400, error("Failed to call a function. Please adjust your prompt.", { type: "invalid_request_error", code: "tool_use_failed", failed_generation: "x" }), "failed call"],
  ["Ollama, of a call it could not read", 500, error("error parsing tool call: raw='{', err=unexpected end of JSON input", { type: "api_error" }), "failed call"],
  ["llama.cpp, of a call it could not read", 500, error("Failed to parse tool call arguments as JSON", { code: 500 }), "failed call"],
  ["Gemini, of a wrong key", 400, [{ error: { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }] } }], "key"],
  ["OpenAI, of a wrong key", 401, error("Incorrect API key provided: sk-x", { code: "invalid_api_key" }), "key"],
  ["LiteLLM without a database, of a wrong key", 400, error("No connected db.", { type: "no_db_connection", code: "400" }), "key"],
  ["OpenRouter, without a key", 401, error("No auth credentials found", { code: 401 }), "key"],
  ["a bare 401", 401, "", "key"],
  ["a 403 that speaks of the key", 403, error("Your API key was reported as leaked. Please use another API key.", { status: "PERMISSION_DENIED" }), "key"],
  ["Azure, of its filter", 400, error("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", { param: "prompt", code: "content_filter", status: 400, innererror: { code: "ResponsibleAIPolicyViolation" } }), "filter"],
  ["OpenRouter, of its moderation", 403, error("Your chosen model requires moderation and your input was flagged", { code: 403 }), "filter"],
  ["DeepSeek, of its filter", 400, error("Content Exists Risk", { type: "invalid_request_error" }), "filter"],
  ["DashScope, of its filter", 400, error("Input data may contain inappropriate content.", { code: "data_inspection_failed" }), "filter"],
  ["OpenAI, of an unknown model", 404, error("The model `x` does not exist or you do not have access to it.", { code: "model_not_found" }), "no model"],
  ["Ollama, of an unknown model", 404, error('model "x" not found, try pulling it first', { type: "api_error" }), "no model"],
  ["Mistral, of an unknown model", 400, { object: "error", message: "Invalid model: x", type: "invalid_model", code: "1500" }, "no model"],
  ["Azure, of an unknown deployment", 404, error("The API deployment for this resource does not exist.", { code: "DeploymentNotFound" }), "no model"],
  ["Anthropic, of an unknown model", 404, { type: "error", error: { type: "not_found_error", message: "model: x" } }, "no model"],
  ["DeepSeek, of an unknown model", 400, error("Model Not Exist", { type: "invalid_request_error" }), "no model"],
  ["LM Studio, without a model", 404, error("No models loaded. Please load a model in the developer page or use the `lms load` command."), "no model"],
  ["a web server in Go", 404, "404 page not found", "address"],
  ["FastAPI", 404, { detail: "Not Found" }, "address"],
  ["OpenAI, of a wrong path", 404, error("Invalid URL (POST /v2/chat/completions)", { type: "invalid_request_error" }), "address"],
  ["Azure, of a wrong path", 404, error("Resource not found", { code: "404" }), "address"],
  ["a web page", 200, "<!doctype html><html><head><title>x</title></head></html>", "address"],
  ["a web page that answers GET alone", 405, "<html><h1>405 Not Allowed</h1></html>", "address"],
  ["a server that wants https", 400, "Client sent an HTTP request to an HTTPS server.", "plain HTTP"],
  ["a redirect", 308, "", "redirect"],
  ["DeepSeek, without money", 402, error("Insufficient Balance"), "quota"],
  ["Anthropic, without money", 400, { type: "error", error: { type: "invalid_request_error", message: "Your credit balance is too low to access the Anthropic API." } }, "quota"],
  ["OpenAI, without money", 429, error("You exceeded your current quota, please check your plan and billing details.", { code: "insufficient_quota" }), "quota"],
  ["Gemini, of its free tier", 429, [{ error: { code: 429, message: "You exceeded your current quota, please check your plan and billing details.", status: "RESOURCE_EXHAUSTED", details: [{ retryDelay: "37s" }] } }], "busy"],
  ["Anthropic, overloaded", 529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "busy"],
  ["a broken gateway", 502, "<html><h1>502 Bad Gateway</h1></html>", "problem"],
  ["llama.cpp while it loads", 503, error("Loading model", { type: "unavailable_error", code: 503 }), "problem"],
  ["DeepSeek, of an older reasoner", 400, error("deepseek-reasoner does not support Function Calling"), "tools"],
  ["Perplexity, of tools", 400, error("Tool calling is not supported for this model"), "tools"],
  ["OpenAI, of the parameter tools", 400, error("Unsupported parameter: 'tools' is not supported with this model.", { param: "tools", code: "unsupported_parameter" }), "tools"],
  ["Bedrock, too long", 400, { message: "Input is too long for requested model." }, "too long"],
  ["Cohere, too long", 400, { message: "too many tokens: size limit exceeded by 11326 tokens." }, "too long"],
  ["DashScope, too long", 400, error("Range of input length should be [1, 30720]"), "too long"],
  ["a server in plain words, too long", 400, error("The prompt is longer than the model's context"), "too long"],
  ["Groq, of arguments that it checks", 400, error("Tool call validation failed: parameters for tool add_task did not match schema"), "failed call"],
  ["xAI, of its filter", 403, { code: "x", error: "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_X" }, "filter"],
  ["OpenAI, of its safety system", 400, error("Your request was rejected as a result of our safety system."), "filter"],
  ["OpenAI, of a project", 403, error("Project `proj_x` does not have access to model `gpt-5`", { code: "model_not_found" }), "access"],
  ["a law", 451, "", "access"],
  ["Bedrock, of a wrong token", 403, { message: "The security token included in the request is invalid." }, "key"],
  ["Anthropic, of a wrong key", 401, { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } }, "key"],
  ["Together, of an unknown model", 404, error("Unable to access model x. Please visit https://api.together.ai/models to view the list of supported models."), "no model"],
  ["Bedrock, of an unknown model", 400, { message: "The provided model identifier is invalid." }, "no model"],
  ["Express", 404, "<pre>Cannot POST /chat/completions</pre>", "address"],
  ["Kong", 404, { message: "no Route matched with those values" }, "address"],
  ["something else", 400, error("Something is wrong"), "refused"],
])("what %s says is of its kind", (_what, status, body, kind) => {
  expect(kindOf(saidBy(refusal(status, body))).name).toBe(kind);
});

// biome-ignore format: a table reads better with a row on a line
test.each<[string, unknown, string, number | undefined]>([
  ["a word alone", { error: "model runner has unexpectedly stopped" }, "problem", undefined],
  ["a status in the code", error("the request exceeds the available context size", { code: 400 }), "too long", 400],
  ["a status in its name", [{ error: { message: "no", status: "UNAUTHENTICATED" } }], "key", 401],
  ["a gateway's failure", error("Provider disconnected", { code: 502 }), "problem", 502],
  ["a wrong path under status 200", { error: "Unexpected endpoint or method. (POST /v1/v1/chat/completions)" }, "address", undefined],
])("an error within an answer is of the kind it would be as a status: %s", (_what, body, kind, status) => {
  const said = saidBy(refusal(200, body));
  expect([kindOf(said).name, said.status]).toEqual([kind, status]);
});

// biome-ignore format: a table reads better with a row on a line
test.each<[string, unknown, Record<string, string>, number | undefined]>([
  ["a header in seconds", {}, { "retry-after": "7.66" }, 8],
  ["a header in milliseconds", {}, { "retry-after-ms": "1500", "retry-after": "9" }, 2],
  ["Google's details", [{ error: { details: [{ "@type": "x" }, { retryDelay: "37s" }] } }], {}, 37],
  ["a sentence in seconds", error("Rate limit reached. Please try again in 7.66s. Visit"), {}, 8],
  ["a sentence in milliseconds", error("Please try again in 156ms"), {}, 1],
  ["a sentence in minutes", error("Please try again in 1m2.5s"), {}, 63],
  ["a sentence in hours", error("Please try again in 2h0m1s"), {}, 7_201],
  ["a sentence without a time", error("Please try again in a moment"), {}, undefined],
])("the wait that a provider asks for is read from %s", (_what, body, headers, seconds) => {
  expect(saidBy(refusal(429, body, headers)).retryAfterSeconds).toBe(seconds);
});

test("no sentence for a person holds markup or a word of the provider", () => {
  const said = saidBy(refusal(403, error("<b>bold</b> sk-secret")));
  expect(kindOf(said).sentence("m", said)).not.toMatch(/bold|secret|</);
});
