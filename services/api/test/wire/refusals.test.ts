import { expect, test } from "vitest";
import { startDriverHarness, user } from "../harness/driver.ts";
import { chunk, event, type Reply, ROLE, refusal, reply, says } from "../harness/wire.ts";

const error = (message: string, more: object = {}) => ({ error: { message, ...more } });

/** One refusal, as a status with an object, as a status with an array around it, and inside an answer of status 200. */
const CARRIERS: readonly (readonly [carrier: string, carry: (status: number, body: unknown) => Reply])[] = [
  ["a status", (status, body) => refusal(status, body)],
  ["a status with an array", (status, body) => refusal(status, [body])],
  ["an answer that had begun", (_status, body) => reply(event(body), event("[DONE]"))],
];

/** What a server says, the sentence for the person, and the number of calls. The code is `model_unavailable` unless given. */
interface Row {
  readonly what: string;
  readonly status: number;
  readonly body: unknown;
  readonly sentence: RegExp;
  readonly code?: string;
  readonly calls?: number;
  /** Only as an HTTP status: the error names nothing by which it could be told otherwise. */
  readonly statusAlone?: boolean;
}

// biome-ignore format: a table reads better with a row on a line
const ROWS: readonly Row[] = [
  { what: "a model without tools (Ollama)", status: 400, body: error("registry.ollama.ai/library/gemma3:1b does not support tools", { type: "api_error", param: null, code: null }), sentence: /can't use tools.*choose another model/ },
  { what: "no route with tools (OpenRouter)", status: 404, body: error("No endpoints found that support tool use. To learn more about provider routing, visit: https://openrouter.ai/docs/provider-routing", { code: 404 }), sentence: /can't use tools/ },
  { what: "a server without a tool parser (vLLM)", status: 400, body: error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', { type: "BadRequestError", code: 400 }), sentence: /can't use tools/ },
  { what: "an organization that is not verified (OpenAI)", status: 400, body: error("Your organization must be verified to stream this model. Please go to: https://platform.openai.com/settings/organization/general and click on Verify Organization.", { type: "invalid_request_error", param: "stream", code: "unsupported_value" }), sentence: /verify the organization with the provider/ },
  { what: "a country (OpenAI)", status: 403, body: error("Country, region, or territory not supported", { type: "request_forbidden", code: "unsupported_country_region_territory" }), sentence: /does not serve this country or region/ },
  { what: "a model of another API (OpenAI)", status: 404, body: error("This model is only supported in v1/responses and not in v1/chat/completions.", { type: "invalid_request_error", param: "model", code: null }), sentence: /chat completions API/ },
  { what: "a question that is too long (OpenAI)", status: 400, body: error("This model's maximum context length is 8192 tokens. However, your messages resulted in 8264 tokens.", { type: "invalid_request_error", param: "messages", code: "context_length_exceeded" }), sentence: /conversation is too long.*Start a new one/ },
  { what: "a question that is too long (llama.cpp)", status: 400, body: error("the request exceeds the available context size", { code: 400, type: "invalid_request_error" }), sentence: /too long for the model/ },
  { what: "a wrong key (Gemini)", status: 400, body: error("API key not valid. Please pass a valid API key.", { code: 400, status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }] }), sentence: /refuses the API key/, code: "model_key_invalid" },
  { what: "a wrong key (xAI)", status: 400, body: { code: "Client specified an invalid argument", error: "Incorrect API key provided: sk-secret-of-tests" }, sentence: /refuses the API key/, code: "model_key_invalid" },
  { what: "a filter (Azure)", status: 400, body: error("The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", { type: null, param: "prompt", code: "content_filter", status: 400, innererror: { code: "ResponsibleAIPolicyViolation" } }), sentence: /content filter refused this question/ },
  { what: "a filter (OpenRouter)", status: 403, body: error("Input was flagged by moderation", { code: 403, metadata: { reasons: ["x"] } }), sentence: /content filter refused this question/ },
  { what: "an unknown model (OpenAI)", status: 404, body: error("The model `m` does not exist or you do not have access to it.", { code: "model_not_found", type: "invalid_request_error" }), sentence: /no model named m/ },
  { what: "a quota (OpenAI)", status: 429, body: error("You exceeded your current quota, please check your plan and billing details.", { code: "insufficient_quota", type: "insufficient_quota" }), sentence: /quota.*used up/, code: "rate_limited" },
  { what: "a credit (DeepSeek)", status: 402, body: error("Insufficient Balance", { code: "invalid_request_error" }), sentence: /quota.*used up/, code: "rate_limited" },
  { what: "a wait (Gemini)", status: 429, body: error("You exceeded your current quota", { code: 429, status: "RESOURCE_EXHAUSTED", details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "37s" }] }), sentence: /too many requests/, code: "rate_limited" },
  { what: "a call that could not be read, every time (Groq)", status: 400, body: error("Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.", { type: "invalid_request_error", code: "tool_use_failed", failed_generation: "<function=add_task{...}" }), sentence: /tried to use a tool and failed. Try again/, calls: 3 },
  { what: "a failure of the server", status: 500, body: error("The server had an error", { code: 500, type: "server_error" }), sentence: /has a problem/, calls: 3 },
  { what: "something else", status: 400, body: error("The sky is green", { type: "invalid_request_error", code: "green" }), sentence: /refused the request/ },
  { what: "an empty 401", status: 401, body: "", sentence: /refuses the API key/, code: "model_key_invalid", statusAlone: true },
  { what: "an empty 403", status: 403, body: "", sentence: /does not give this account access/, statusAlone: true },
];

const PLAYED = ROWS.flatMap((row) =>
  CARRIERS.filter((_, index) => index === 0 || row.statusAlone !== true).map(
    ([carrier, carry]) => [row.what, carrier, row, carry] as const,
  ),
);

test.each(PLAYED)("%s, told by %s, has its sentence, code and number of calls", async (_what, _carrier, row, carry) => {
  const h = await startDriverHarness(() => carry(row.status, row.body));
  try {
    const { failure } = await h.ask(user("hello"));
    expect(failure?.message).toMatch(row.sentence);
    expect(failure?.code).toBe(row.code ?? "model_unavailable");
    expect(h.requests).toHaveLength(row.calls ?? 1);
    if (row.code !== "model_key_invalid") expect(failure?.message).not.toContain("API key");
    const told = JSON.stringify([failure?.message, failure?.cause]);
    expect(told).not.toContain("sk-secret");
    expect(told).not.toMatch(/<[a-z]/);
  } finally {
    h.close();
  }
});

// biome-ignore format: a table reads better with a row on a line
test.each<[string, Reply, number | undefined, number]>([
  ["parts of seconds", refusalWith({ "retry-after": "7.66" }), 8, 1],
  ["a sentence", refusal(429, error("Please try again in 1m10s.")), 70, 1],
  ["nothing", refusal(429, error("slow")), 10, 3],
  ["a short wait", refusalWith({ "retry-after": "0" }), 0, 3],
])("the wait of a busy provider is passed on when it is given as %s", async (_what, answer, seconds, calls) => {
  const h = await startDriverHarness(() => answer);
  try {
    const { failure } = await h.ask(user("hello"));
    expect([failure?.code, failure?.retryAfterSeconds]).toEqual(["rate_limited", seconds]);
    expect(h.requests).toHaveLength(calls);
  } finally {
    h.close();
  }
});

function refusalWith(headers: Record<string, string>): Reply {
  return { ...refusal(429, error("slow", { code: "rate_limit_exceeded" })), headers };
}

test("a provider that fails and asks for a long pause is not asked again", async () => {
  const h = await startDriverHarness(() => ({ ...refusal(503, error("down")), headers: { "retry-after": "60" } }));
  try {
    expect((await h.ask(user("hello"))).failure?.message).toMatch(/has a problem/);
    expect(h.requests).toHaveLength(1);
  } finally {
    h.close();
  }
});

test("an error in the middle of an answer keeps its text, and the answer is not asked for again", async () => {
  const broken = chunk({ content: "" }, "error").replace(
    "}\n\n",
    `,"error":{"code":502,"message":"Provider disconnected"}}\n\n`,
  );
  const h = await startDriverHarness(() => reply(ROLE, chunk({ content: "Hel" }), broken));
  try {
    const { text, failure } = await h.ask(user("hello"));
    expect([text, failure?.message]).toEqual(["Hel", expect.stringMatching(/has a problem/)]);
    expect(h.requests).toHaveLength(1);
  } finally {
    h.close();
  }
});

test("a call that the server could not read is asked for again without a word", async () => {
  const failed = error("Failed to call a function.", { code: "tool_use_failed" });
  const h = await startDriverHarness((_request, number) => (number === 1 ? refusal(400, failed) : reply(says("done"))));
  try {
    expect((await h.ask(user("add milk"))).text).toBe("done");
    expect(h.requests).toHaveLength(2);
  } finally {
    h.close();
  }
});

test("the provider's own words go to the cause and not to the person, on one short line without markup and keys", async () => {
  const words = `<p>Key sk-secret-of-tests\nis</p> ${"long ".repeat(200)}`;
  const h = await startDriverHarness(() => refusal(400, error(words)));
  try {
    const { failure } = await h.ask(user("hello"));
    const logged = String((failure?.cause as { provider_message?: string } | undefined)?.provider_message);
    expect(logged).toMatch(/^Key \[redacted\] is long/);
    expect(logged.length).toBeLessThanOrEqual(240);
    expect(failure?.message).not.toContain("long long");
  } finally {
    h.close();
  }
});
