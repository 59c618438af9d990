import { expect, test } from "vitest";
import { calls, chunk, DONE, event, fin, fn, type Reply, ROLE, refusal, says, standardCall } from "../harness/wire.ts";
import { expectLawful, MILK, playRow, type Row } from "./rows.ts";

const slow = { error: { message: "slow" } };
const failed = (row: Omit<Row, "status" | "tasks">): Row => ({
  asked: ["hello"],
  tasks: [],
  status: "failed",
  ...row,
});
const busy = (seconds: readonly number[], row: Omit<Row, "status" | "error">): Row => ({
  tasks: [],
  ...row,
  status: "failed",
  error: /^The model provider is receiving too many requests/,
  check: ({ runs }) => {
    expect(runs.at(-1)?.code).toBe("rate_limited");
    expect(seconds).toContain(runs.at(-1)?.retryAfterSeconds);
  },
});
const with429 = (headers: Record<string, string>, body: unknown = slow): Reply => {
  const answer = refusal(429, body);
  return { ...answer, headers: { ...answer.headers, ...headers } };
};
const PAGE = "<!doctype html><html><head><title>x</title></head><body><div id=app></div></body></html>";
const PROBLEM = /^The model provider has a problem\. Try again in a moment\.$/;
const FAILED_CALL = {
  error: {
    message: "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
    type: "invalid_request_error",
    code: "tool_use_failed",
    failed_generation: "<function=add_task{...}",
  },
};

/** Runs in which a server fails, in the bytes of that server. */
const ROWS: readonly Row[] = [
  failed({
    name: "an error that is a text inside an answer (Ollama)",
    sends: 'data: {"error":"model runner has unexpectedly stopped"}\n\n',
    error: PROBLEM,
    requests: 3,
  }),
  failed({
    name: "an error that is a text as a line of its own (Ollama's own form)",
    sends: '{"error":"model runner has unexpectedly stopped"}\n',
    error: PROBLEM,
    requests: 3,
  }),
  failed({
    name: "a gateway's page with status 502",
    sends: { status: 502, headers: { "content-type": "text/html" }, moves: [PAGE] },
    error: PROBLEM,
    requests: 3,
  }),
  failed({
    name: "a gateway's page with status 502 and no type",
    sends: { status: 502, headers: { "content-type": "" }, moves: [PAGE] },
    error: PROBLEM,
    requests: 3,
  }),
  failed({ name: "an empty answer", sends: { moves: [] }, error: /answer broke off/, requests: 3 }),
  failed({
    name: "an empty answer that is announced",
    sends: { headers: { "content-length": "0" }, moves: [] },
    error: /answer broke off/,
    requests: 3,
  }),
  failed({
    name: "an answer of comments alone",
    sends: ": ping\n\n: ping\n\n",
    error: /answer broke off/,
    requests: 3,
  }),
  busy([39, 40], {
    name: "a wait that is a date",
    asked: ["hello"],
    // The date is read when the server answers, since it has whole seconds only.
    sends: {
      ...with429({}),
      headers: {
        get "retry-after"() {
          return new Date(Date.now() + 40_000).toUTCString();
        },
      },
    },
    requests: 1,
  }),
  busy([8], {
    name: "a wait with parts of a second (Groq)",
    asked: ["hello"],
    sends: with429({ "retry-after": "7.66" }, { error: { message: "slow", code: "rate_limit_exceeded" } }),
    requests: 1,
  }),
  busy([37], {
    name: "a wait inside the error (Gemini)",
    asked: ["hello"],
    sends: refusal(429, [
      {
        error: {
          code: 429,
          message: "You exceeded your current quota",
          status: "RESOURCE_EXHAUSTED",
          details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "37s" }],
        },
      },
    ]),
    requests: 1,
  }),
  busy([30], {
    name: "a wait on the second step, after a call that worked",
    sends: [standardCall("add_task", MILK), with429({ "retry-after": "30" })],
    tasks: [{ title: "buy milk" }],
    requests: 2,
  }),
  failed({
    name: "an error in the middle of an answer (OpenRouter)",
    sends:
      ROLE +
      chunk({ content: "Hel" }) +
      event({
        choices: [{ delta: { content: "" }, finish_reason: "error" }],
        error: { code: 502, message: "Provider disconnected" },
      }),
    error: PROBLEM,
    text: "Hel",
    requests: 1,
  }),
  {
    name: "a call that could not be read, told as an event (Groq)",
    sends: [
      `event: error\n${event({ error: { ...FAILED_CALL.error, failed_generation: "x", status_code: 400 } })}`,
      standardCall("add_task", MILK),
    ],
    afterwards: "done",
    text: "done",
    requests: 3,
  },
  {
    name: "a call that could not be read, told as a status (Groq)",
    sends: [refusal(400, FAILED_CALL), standardCall("add_task", MILK)],
    afterwards: "done",
    text: "done",
    requests: 3,
  },
  failed({
    name: "a call that broke off, which is not run",
    asked: ["add buy milk tomorrow"],
    sends: ROLE + calls({ index: 0, id: "a", ...fn("add_task", '{"title":"buy') }),
    error: /answer broke off/,
    requests: 1,
    check: ({ runs }) =>
      expect(runs[0]?.parts).toMatchObject([{ state: "output-error", errorText: expect.stringMatching(/^Not run/) }]),
  }),
  {
    name: "every question as long as one is in the conversation, whose roles then still alternate",
    asked: ["one", "two"],
    sends: says("ok"),
    refuses: ({ messages }) => (messages.some(({ content }) => content === "two") ? undefined : refusal(400, {})),
    tasks: [],
    text: "ok",
    check: ({ requests }) => {
      const last = requests.at(-1);
      expect(last?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
      if (last !== undefined) expectLawful(last);
    },
  },
  failed({
    name: "an error without a frame, and then the end mark (vLLM)",
    sends:
      event({
        object: "error",
        message: "This model's maximum context length is 10 tokens",
        type: "BadRequestError",
        code: 400,
      }) + DONE,
    error: /too long/,
    requests: 1,
  }),
  failed({
    name: "an event named error with an error without a frame",
    sends: 'event: error\ndata: {"message":"Overloaded","type":"overloaded_error"}\n\n',
    error: /too many requests/,
    requests: 3,
  }),
  failed({
    name: "an event named error with words",
    sends: "event: error\ndata: upstream timed out\n\n",
    error: PROBLEM,
    requests: 3,
  }),
  failed({
    name: "an error on the choice (OpenRouter)",
    sends:
      event({
        choices: [{ delta: { content: "" }, finish_reason: "error", error: { code: 429, message: "Rate limited" } }],
      }) + DONE,
    error: /too many requests/,
    requests: 3,
  }),
  failed({
    name: "a key that is missing, under status 200 (MiniMax)",
    sends: event({
      choices: null,
      base_resp: { status_code: 1004, status_msg: "login fail: Please carry the API secret key" },
    }),
    error: /refuses the API key/,
    requests: 1,
  }),
  failed({
    name: "a balance that is used up, under status 200 (MiniMax)",
    sends: event({ choices: null, base_resp: { status_code: 1008, status_msg: "insufficient balance" } }),
    error: /quota .* used up/,
    requests: 1,
  }),
  {
    name: "a status of 0, which is none (MiniMax)",
    asked: ["hello"],
    sends: says("Hello!").replaceAll('"choices"', '"base_resp":{"status_code":0,"status_msg":""},"choices"'),
    tasks: [],
    text: "Hello!",
    requests: 1,
  },
  failed({
    name: "a provider's words inside a gateway's error (OpenRouter)",
    sends: refusal(400, {
      error: {
        message: "Provider returned error",
        code: 400,
        metadata: { raw: '{"error":{"message":"maximum context length is 8192 tokens"}}' },
      },
    }),
    error: /too long/,
    requests: 1,
  }),
  failed({
    name: "a budget that is spent (LiteLLM)",
    sends: refusal(400, {
      error: {
        message: "Budget has been exceeded! Current cost: 1.2, Max budget: 1.0",
        type: "budget_exceeded",
        code: "400",
      },
    }),
    error: /quota .* used up/,
    requests: 1,
  }),
  failed({
    name: "no deployment that is free (LiteLLM)",
    sends: refusal(429, {
      error: { message: "No deployments available for selected model, Try again in 5 seconds.", code: "429" },
    }),
    error: /too many requests/,
    requests: 3,
  }),
  failed({
    name: "a refusal of a form that nobody knows, with markup in it",
    sends: refusal(400, { problem: `<b>no</b>${PAGE}` }),
    error: /refused the request/,
    requests: 1,
  }),
  {
    name: "the error null beside an answer, which is none",
    asked: ["hello"],
    sends:
      event({ error: null, choices: [{ index: 0, delta: { role: "assistant", content: "Hello!" } }] }) +
      fin("stop") +
      DONE,
    tasks: [],
    text: "Hello!",
    requests: 1,
  },
];

test.each(ROWS.map((row) => [row.name, row] as const))("a server that fails: %s", async (_name, row) => {
  await playRow({
    ...row,
    check: (seen) => {
      row.check?.(seen);
      expect(JSON.stringify(seen.runs.map(({ error }) => error))).not.toMatch(/<|sk-test/);
    },
  });
});
