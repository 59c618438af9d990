import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createNeighbourCheck } from "./neighbours.ts";

const answers: Record<string, number> = {};
let asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.writeHead(answers[request.url ?? ""] ?? 404).end();
});
const address = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
});

function open(exchange = address("/exchange"), now = () => 0) {
  return createNeighbourCheck({ addresses: { exchange, mcp: address("/mcp") }, now });
}

test.each([200, 302, 401, 404, 405])("a neighbour that answers %i answers", async (status) => {
  answers["/mcp"] = status;
  expect(await open()()).toEqual([]);
});

test.each([500, 502, 503])("an answer with %i is a proxy's or a broken program's", async (status) => {
  answers["/mcp"] = status;
  expect(await open()()).toEqual(["mcp"]);
});

test("a neighbour that can't be connected to is named", async () => {
  answers["/mcp"] = 200;
  expect(await open("http://127.0.0.1:1")()).toEqual(["exchange"]);
});

test("the outcome holds for five seconds, however many ask", async () => {
  answers["/mcp"] = 200;
  let now = 0;
  const check = open(undefined, () => now);
  await Promise.all([check(), check(), check()]);
  now = 4_999;
  await check();
  expect(asked.toSorted()).toEqual(["/exchange", "/mcp"]);
  now = 5_000;
  answers["/mcp"] = 503;
  expect(await check()).toEqual(["mcp"]);
});
