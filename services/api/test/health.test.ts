import { afterAll, beforeAll, expect, test } from "vitest";
import { type Harness, startHarness } from "./harness/harness.ts";

let h: Harness;

beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.close());

const health = () => fetch(`${h.url}/api/health`);

test("the health of the API needs no token", async () => {
  const answer = await health();
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
});

test("a neighbour that does not answer is named to everybody, and nothing else of it", async () => {
  const broken = await startHarness({ exchange: { url: "http://127.0.0.1:1/oauth2/token" } });
  try {
    const answer = await fetch(`${broken.url}/api/health`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    const { request_id: _, ...problem } = (await answer.json()) as Record<string, unknown>;
    expect(problem).toEqual({
      type: "urn:taskassistant:problem:unavailable",
      title: "Service Unavailable",
      status: 503,
      code: "unavailable",
      detail: "The assistant can't work right now. Try again in a moment.",
      silent: ["exchange"],
    });
  } finally {
    await broken.close();
  }
});
