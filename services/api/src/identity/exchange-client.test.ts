import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createExchangeClient, ExchangeUnavailableError, SignedOutError } from "./exchange-client.ts";

let server: Server;
let url = "";
let requests: { path: string | undefined; authorization: string | undefined; form: Record<string, string> }[] = [];
let answers: ("never" | [status: number, body: string, headers?: Record<string, string>])[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { url: path, headers } = request;
    requests.push({ path, authorization: headers.authorization, form: Object.fromEntries(await formOf(request)) });
    const answer = answers.shift() ?? [500, ""];
    if (answer === "never") return;
    const [status, body, more] = answer;
    response.writeHead(status, { "content-type": "application/json", ...more }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  requests = [];
  answers = [];
});

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}
const client = () =>
  createExchangeClient({ url, clientSecret: "s3cret-and-long", issuer: "https://tasks.example.com" });
const granted = JSON.stringify({ access_token: "t", issued_token_type: "x", token_type: "Bearer", expires_in: 60 });

test("both exchanges follow RFC 8693 and carry the API's credential", async () => {
  answers = [
    [200, granted],
    [200, granted],
  ];
  await client().runGrant("api-token", "run-1");
  const { token, expiresAt } = await client().mcpToken("grant");
  expect(token).toBe("t");
  expect(expiresAt - Date.now()).toBeGreaterThan(50_000);
  const grant = "urn:ietf:params:oauth:grant-type:token-exchange";
  const runGrant = "urn:taskassistant:params:oauth:token-type:run-grant";
  const access = "urn:ietf:params:oauth:token-type:access_token";
  expect(requests.map((request) => request.form)).toEqual([
    {
      grant_type: grant,
      subject_token: "api-token",
      subject_token_type: access,
      requested_token_type: runGrant,
      run_id: "run-1",
    },
    {
      grant_type: grant,
      subject_token: "grant",
      subject_token_type: runGrant,
      requested_token_type: access,
      audience: "https://tasks.example.com/mcp",
    },
  ]);
  const credential = Buffer.from("api:s3cret-and-long").toString("base64");
  expect(requests.map((request) => request.authorization)).toEqual([`Basic ${credential}`, `Basic ${credential}`]);
});

test("an ended session is an error of its own, and the exchange is not repeated", async () => {
  answers = [[400, '{"error":"invalid_grant"}']];
  await expect(client().runGrant("t", "r")).rejects.toThrow(SignedOutError);
  expect(requests).toHaveLength(1);
});

test.each<[string, [number, string], number]>([
  ["a wrong credential", [401, '{"error":"invalid_client"}'], 1],
  ["a refused target", [400, '{"error":"invalid_target"}'], 1],
  ["a server error", [503, "{}"], 2],
  ["an incomplete answer", [200, "{}"], 2],
  ["an answer that is not JSON", [200, "<html>"], 2],
])("%s makes the exchange unavailable", async (_name, answer, times) => {
  answers = [answer, answer];
  await expect(client().mcpToken("g")).rejects.toThrow(ExchangeUnavailableError);
  expect(requests).toHaveLength(times);
});

test("a failure that heals stays unnoticed", async () => {
  answers = [
    [503, "{}"],
    [200, granted],
  ];
  expect((await client().mcpToken("g")).token).toBe("t");
});

test("no redirect is followed: it would lead the person's token away", async () => {
  const elsewhere: (typeof answers)[number] = [307, "", { location: "/elsewhere" }];
  answers = [elsewhere, [200, granted]];
  await expect(client().mcpToken("g")).resolves.toMatchObject({ token: "t" });
  expect(requests.map(({ path }) => path)).toEqual(["/oauth2/token", "/oauth2/token"]);
});

test("an exchange that does not answer makes a run wait no longer than for two attempts", async () => {
  answers = ["never", "never"];
  const impatient = createExchangeClient({
    url,
    clientSecret: "s3cret-and-long",
    issuer: "https://a.example",
    timeoutMs: 500,
  });
  await expect(impatient.mcpToken("g", new AbortController().signal)).rejects.toThrow(ExchangeUnavailableError);
});

test("a run that was ended exchanges nothing more", async () => {
  const ended = AbortSignal.abort(new Error("ended"));
  await expect(client().mcpToken("g", ended)).rejects.toThrow("ended");
  expect(requests).toEqual([]);
});
