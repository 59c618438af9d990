import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createProbe } from "./service-probe.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const target = { name: "demo", namespace: "team", reporters: [] };
const signal = new AbortController().signal;

type Answers = Record<string, [number, string | Buffer, Record<string, string>?]>;
const GOOD: Answers = {
  "GET /sign-in": [200, "<html>"],
  "GET /api/auth/jwks": [200, '{"keys":[]}'],
  "GET /api/health": [200, '{"status":"ok"}'],
  "GET /.well-known/oauth-protected-resource/mcp": [200, '{"resource":"http://x/mcp"}'],
  "POST /mcp": [401, "", { "www-authenticate": 'Bearer resource_metadata="http://x"' }],
};

async function probeWith(change: Answers = {}, seen: string[] = []) {
  const answers = { ...GOOD, ...change };
  const url = await serve((request, response) => {
    seen.push(`${request.headers.authorization ?? "no token"}`);
    const [status, body, headers = {}] = answers[`${request.method} ${request.url}`] ?? [404, ""];
    response.writeHead(status, headers).end(body);
  });
  return createProbe({ fetch, addresses: () => ({ frontend: url, mcp: url }) })(target, signal);
}

describe("the probe", () => {
  it("succeeds without a token when everything answers as it should", async () => {
    const seen: string[] = [];
    expect(await probeWith({}, seen)).toEqual({});
    expect(seen).toEqual(Array(5).fill("no token"));
  });

  it.each<[string, Answers, RegExp]>([
    ["a broken page", { "GET /sign-in": [500, ""] }, /^http.*\/sign-in answered 500 instead of the sign-in page\.$/],
    ["a page that sends people elsewhere", { "GET /sign-in": [302, "", { location: "/x" }] }, /answered 302/],
    ["a missing key set", { "GET /api/auth/jwks": [404, ""] }, /jwks answered 404/],
    [
      "something other than a key set",
      { "GET /api/auth/jwks": [200, "{}"] },
      /answered something other than a key set/,
    ],
    ["a key set that is not JSON", { "GET /api/auth/jwks": [200, "<html>"] }, /jwks does not answer/],
    [
      "a key set that is nothing a status may show",
      { "GET /api/auth/jwks": [200, "\u001b[2J\u202e"] },
      /jwks does not answer: its answer is not JSON\.$/,
    ],
    [
      "an API that the frontend does not reach",
      { "GET /api/health": [502, '{"code":"unavailable"}'] },
      /\/api\/health answered 502 instead of the API's health\.$/,
    ],
    [
      "an API that does not reach its neighbours",
      { "GET /api/health": [503, '{"silent":["mcp","exchange"]}'] },
      /: the API gets no answer from the MCP server and the token exchange of the frontend\.$/,
    ],
    [
      "neighbours of an image that nobody here wrote",
      { "GET /api/health": [503, '{"silent":["\\u001b[2J",{},"mcp","mcp"]}'] },
      /health: the API gets no answer from the MCP server\.$/,
    ],
    [
      "no health that a status may show",
      { "GET /api/health": [503, "null"] },
      /answered 503 instead of the API's health\.$/,
    ],
  ])("reports %s at the frontend", async (_what, change, message) => {
    expect((await probeWith(change)).frontend).toMatch(message);
  });

  it.each<[string, Answers, RegExp]>([
    ["no metadata", { "GET /.well-known/oauth-protected-resource/mcp": [404, ""] }, /instead of its metadata/],
    [
      "a server that accepts requests without a token",
      { "POST /mcp": [200, "{}"] },
      /answered 200 to a request without a token instead of 401/,
    ],
    ["a 401 without a challenge", { "POST /mcp": [401, ""] }, /without a challenge/],
  ])("reports %s at the MCP server", async (_what, change, message) => {
    expect((await probeWith(change)).mcp).toMatch(message);
  });

  const giant = (start: string) => `${start},"x":"${"x".repeat(256 * 1024)}"}`;
  it.each<[string, string, string, string]>([
    ["a giant key set", "GET /api/auth/jwks", '{"keys":[]', "frontend"],
    ["a giant report of the API", "GET /api/health", '{"silent":["mcp"]', "frontend"],
    ["giant metadata", "GET /.well-known/oauth-protected-resource/mcp", '{"resource":"x"', "mcp"],
  ])("reads no more than 256 KiB of %s, compressed or not", async (_what, route, start, tier) => {
    const compressed = gzipSync(giant(start));
    expect(compressed.length).toBeLessThan(1024);
    const status = route === "GET /api/health" ? 503 : 200;
    const answers: Answers[string][] = [
      [status, giant(start)],
      [status, compressed, { "content-encoding": "gzip" }],
    ];
    for (const answer of answers) {
      const result = await probeWith({ [route]: answer });
      expect(result[tier as "frontend" | "mcp"]).toMatch(/is larger than 262144 bytes/);
    }
  });

  it("follows no redirect", async () => {
    const elsewhere = { location: "/sign-in" };
    const change: Answers = {
      "GET /api/auth/jwks": [302, "", elsewhere],
      "GET /api/health": [302, "", elsewhere],
      "GET /.well-known/oauth-protected-resource/mcp": [302, "", elsewhere],
      "POST /mcp": [302, "", elsewhere],
    };
    const result = await probeWith(change);
    expect(result.frontend).toContain("answered 302");
    expect(result.mcp).toContain("answered 302");
  });

  it("requests the Services in the assistant's own namespace", async () => {
    const requested: string[] = [];
    const probe = createProbe({
      fetch: async (url) => {
        requested.push(String(url));
        throw new Error("not here");
      },
    });
    await probe(target, signal);
    expect(requested).toEqual([
      "http://demo-frontend.team.svc:3000/sign-in",
      "http://demo-frontend.team.svc:3000/api/auth/jwks",
      "http://demo-frontend.team.svc:3000/api/health",
      "http://demo-mcp.team.svc:8001/.well-known/oauth-protected-resource/mcp",
      "http://demo-mcp.team.svc:8001/mcp",
    ]);
  });

  it("reports a server that does not exist", async () => {
    const probe = createProbe({
      fetch,
      addresses: () => ({ frontend: "http://127.0.0.1:1", mcp: "http://127.0.0.1:1" }),
    });
    expect((await probe(target, signal)).frontend).toMatch(/sign-in does not answer: /);
  });
});

describe("the reports of the API pods about the model", () => {
  const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
  const failure = { kind: "key", status: 401, words: "Incorrect API key", since: at(1), at: at(2), count: 2 };

  /** What the probe says when the pods at 127.0.0.1, 127.0.0.2 and so on answer so. The services are all well. */
  async function stateOf(...answers: readonly (string | undefined)[]) {
    const services = await serve((request, response) => {
      const [status, body, headers = {}] = GOOD[`${request.method} ${request.url}`] ?? [404, ""];
      response.writeHead(status, headers).end(body);
    });
    const pods = createServer((request, response) => {
      const index = Number(request.socket.localAddress?.split(".").at(-1)) - 1;
      const answer = request.url === "/model" ? answers[index] : undefined;
      response.writeHead(answer === undefined ? 404 : 200).end(answer);
    });
    await new Promise<void>((resolve) => pods.listen(0, "0.0.0.0", resolve));
    closers.push(() => {
      pods.close();
      pods.closeAllConnections();
    });
    const probe = createProbe({
      fetch,
      addresses: () => ({ frontend: services, mcp: services }),
      reportPort: (pods.address() as AddressInfo).port,
    });
    const reporters = answers.map((_, index) => `127.0.0.${index + 1}`);
    const { model, ...problems } = await probe({ ...target, reporters }, signal);
    expect(problems).toEqual({});
    return model;
  }

  it("say how the model failed, since when and in which words", async () => {
    const { at: _, count: __, ...told } = failure;
    expect(await stateOf(JSON.stringify({ failure }))).toEqual({ fails: true, ...told });
  });

  it.each<[string, object[], object | undefined]>([
    ["an answer of another pod since", [{ failure }, { answeredAt: at(3) }], { fails: false }],
    ["an older answer of another pod", [{ failure }, { answeredAt: at(1) }], { fails: true, since: at(1) }],
    [
      "a newer failure of another pod",
      [{ failure }, { failure: { ...failure, kind: "quota", since: at(3), at: at(3) } }],
      { fails: true, kind: "quota", since: at(1) },
    ],
    ["no question at all", [{}, {}], undefined],
    ["a kind of a newer release", [{ failure: { ...failure, kind: "sunspots" } }], { fails: true, kind: "refused" }],
  ])("count by what happened last, with %s", async (_what, reports, expected) => {
    const state = await stateOf(...reports.map((report) => JSON.stringify(report)));
    if (expected === undefined) expect(state).toBeUndefined();
    else expect(state).toMatchObject(expected);
  });

  it.each<[string, string | undefined]>([
    ["nothing at the path", undefined],
    ["no JSON", "<html>"],
    ["another shape", '{"failure":{"kind":["key"]}}'],
    ["times that are none", JSON.stringify({ failure: { ...failure, since: "\u001b[2J", at: "x" } })],
    ["a giant text", JSON.stringify({ failure: { ...failure, words: "x".repeat(20_000) } })],
  ])("are ignored when a pod answers with %s", async (_what, answer) => {
    expect(await stateOf(answer)).toBeUndefined();
    expect(await stateOf(answer, JSON.stringify({ answeredAt: at(3) }))).toEqual({ fails: false });
  });

  it("hold at most 300 characters of the server's words", async () => {
    const words = "x".repeat(3_000);
    expect(await stateOf(JSON.stringify({ failure: { ...failure, words } }))).toMatchObject({
      words: "x".repeat(300),
    });
  });

  it("are asked of addresses alone", async () => {
    const requested: string[] = [];
    const probe = createProbe({
      fetch: async (url) => {
        requested.push(String(url));
        throw new Error("not here");
      },
    });
    await probe({ ...target, reporters: ["10.0.0.7", "fd00::7", "evil.example/x?", "10.0.0.8:80"] }, signal);
    expect(requested.filter((url) => url.endsWith("/model"))).toEqual([
      "http://10.0.0.7:9090/model",
      "http://[fd00::7]:9090/model",
    ]);
  });
});
