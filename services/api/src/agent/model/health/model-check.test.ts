import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createModelCheck } from "./model-check.ts";
import { createModelHealth } from "./model-health.ts";

const KEY = "sk-verysecret123";
let close: (() => void) | undefined;
afterEach(() => close?.());

type Answer = readonly [status: number, body: unknown, headers?: Record<string, string>];

/** Checks the model `gpt-9` at a server that answers so, and returns what was found, with what the server was asked. */
async function check(answers: { readonly models?: Answer; readonly chat?: Answer }, path = "/v1") {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(`${request.method} ${request.url} ${body}`.trim());
    const which = request.url?.startsWith("/v1/models")
      ? answers.models
      : request.url === "/v1/chat/completions"
        ? answers.chat
        : undefined;
    const [status, document, headers] = which ?? [404, { error: { message: "Not Found" } }];
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(document));
  });
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  close = () => void server.close();
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const found = await createModelCheck({ baseURL, apiKey: KEY, model: "gpt-9" })(new AbortController().signal);
  const health = createModelHealth(() => new Date("2026-01-01T00:00:00Z"));
  health.checked(found);
  return { asked, outcome: found.outcome, report: health.report() };
}

const list = (...models: readonly object[]): Answer => [200, { object: "list", data: models }];

describe("a check of the model without a question", () => {
  it.each<[string, Answer]>([
    ["OpenAI's form", list({ id: "gpt-8" }, { id: "gpt-9", object: "model" })],
    ["Gemini's names", list({ id: "models/gpt-9" })],
    ["Ollama's tag", [200, { models: [{ name: "gpt-9:latest" }] }]],
    ["a bare list", [200, [{ id: "GPT-9" }]]],
    ["a list that tells of tools", list({ id: "gpt-9", supported_parameters: ["tools", "temperature"] })],
  ])("finds it offered in %s, with one request", async (_what, models) => {
    const { outcome, asked, report } = await check({ models });
    expect(outcome).toBe("offered");
    expect(asked).toEqual(["GET /v1/models"]);
    expect(report).toEqual({ checked: { at: "2026-01-01T00:00:00.000Z", outcome: "offered" } });
  });

  it.each<[string, string, Parameters<typeof check>[0]]>([
    ["key", "a wrong key", { models: [401, { error: { message: `Incorrect API key: ${KEY}` } }] }],
    ["key", "a wrong key of a server without a list", { chat: [401, { error: { message: "bad key" } }] }],
    ["address", "a wrong address", {}],
    ["tools", "a model without tools", { models: list({ id: "gpt-9", supported_parameters: ["temperature"] }) }],
    [
      "tools",
      "a model that Mistral lists without tools",
      { models: list({ id: "gpt-9", capabilities: { function_calling: false } }) },
    ],
    ["redirect", "a redirect", { models: [301, {}, { location: "/x" }], chat: [301, {}, { location: "/x" }] }],
  ])("fails as %s for %s, and shows no key", async (kind, _what, answers) => {
    const { report } = await check(answers);
    expect(report.failure?.kind).toBe(kind);
    expect(JSON.stringify(report)).not.toContain(KEY);
  });

  it("fails as unreachable where nobody listens", async () => {
    const found = await createModelCheck({ baseURL: "http://127.0.0.1:9/v1", apiKey: KEY, model: "x" })(
      new AbortController().signal,
    );
    const health = createModelHealth();
    health.checked(found);
    expect(["unreachable", "broken"]).toContain(health.report().failure?.kind);
  });

  it("doubts a model that is not in the list, because it may be an alias", async () => {
    expect((await check({ models: list({ id: "gpt-8" }) })).outcome).toBe("not_listed");
  });

  it("never sends anything that a server could answer for money", async () => {
    const { outcome, asked } = await check({
      models: [403, { error: "no scope" }],
      chat: [400, { error: { message: "model is required" } }],
    });
    expect(outcome).toBe("reachable");
    expect(asked).toEqual(["GET /v1/models", "POST /v1/chat/completions {}"]);
  });

  it.each<[string, Parameters<typeof check>[0]]>([
    ["an overloaded server", { models: [500, {}], chat: [503, {}] }],
    ["a limit of requests", { models: [429, {}], chat: [429, {}] }],
  ])("finds out nothing from %s", async (_what, answers) => {
    expect(await check(answers)).toMatchObject({ outcome: "unknown", report: {} });
  });
});
