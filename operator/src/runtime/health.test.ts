import { afterEach, expect, it } from "vitest";
import { type HealthServer, startHealthServer } from "./health.ts";
import { measureLoopLag } from "./loop-lag.ts";

let server: HealthServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function get(path: string, init?: RequestInit): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${server?.port}${path}`, init);
  return [response.status, await response.text()];
}

it("answers 503 with every problem while there is one, and 200 when there is none", async () => {
  let problems = ["pods not listed yet", "leases not listed yet"];
  server = await startHealthServer({ port: 0, live: () => [], ready: () => problems, metrics: () => "up 1\n" });
  expect(await get("/livez")).toEqual([200, "ok\n"]);
  expect(await get("/readyz")).toEqual([503, "pods not listed yet\nleases not listed yet\n"]);
  problems = [];
  expect(await get("/readyz?verbose")).toEqual([200, "ok\n"]);
  expect(await get("/metrics")).toEqual([200, "up 1\n"]);
});

it("serves nothing else", async () => {
  server = await startHealthServer({ port: 0, live: () => [], ready: () => [], metrics: () => "" });
  expect((await get("/"))[0]).toBe(404);
  expect((await get("/livez", { method: "POST" }))[0]).toBe(405);
});

it("says that the port is taken instead of running without health", async () => {
  server = await startHealthServer({ port: 0, live: () => [], ready: () => [], metrics: () => "" });
  const again = startHealthServer({ port: server.port, live: () => [], ready: () => [], metrics: () => "" });
  await expect(again).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it("notices a blocked event loop while it is blocked, not only afterwards", async () => {
  const lag = measureLoopLag(20);
  const end = performance.now() + 200;
  while (performance.now() < end);
  expect(lag.lastMs()).toBeGreaterThan(100);
  lag.stop();
});
