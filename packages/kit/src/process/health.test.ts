import { afterEach, expect, it } from "vitest";
import { type HealthDeps, type HealthServer, startHealthServer } from "./health.ts";
import { createLogger } from "./logger.ts";

const log = createLogger({ name: "test", level: "silent" });
let server: HealthServer | undefined;

afterEach(() => server?.close());

async function start(ready: HealthDeps["ready"], more: Partial<HealthDeps> = {}) {
  server = await startHealthServer({ port: 0, ready, log, ...more });
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server?.port}${path}`, init);
}

it("the server is ready when its dependencies are", async () => {
  const get = await start(() => undefined);
  expect((await get("/readyz")).status).toBe(200);
  expect((await get("/livez")).status).toBe(200);
  for (const path of ["/metrics", "/"]) expect((await get(path)).status).toBe(404);
  expect((await get("/livez", { method: "POST" })).status).toBe(405);
});

it("the server is not alive while a restart may cure a problem, and lists every such problem", async () => {
  let wrong = ["the event loop is blocked", "the lease is lost"];
  const get = await start(() => undefined, { live: () => wrong, metrics: () => "up 1\n" });
  const response = await get("/livez?verbose");
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({
    status: "not alive",
    reason: "the event loop is blocked; the lease is lost",
  });
  wrong = [];
  expect((await get("/livez")).status).toBe(200);
  expect(await (await get("/metrics")).text()).toBe("up 1\n");
});

it("a port that is taken is an error", async () => {
  await start(() => undefined);
  const again = startHealthServer({ port: server?.port ?? 0, ready: () => undefined, log });
  await expect(again).rejects.toMatchObject({ code: "EADDRINUSE" });
});

it("the server is alive but not ready while a dependency fails, and gives the reason", async () => {
  let broken = true;
  const get = await start(() => {
    if (broken) throw new Error("schema version 3 is too new");
  });
  const response = await get("/readyz");
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: "not ready", reason: "schema version 3 is too new" });
  expect((await get("/livez")).status).toBe(200);
  broken = false;
  expect((await get("/readyz")).status).toBe(200);
});

it("a ready server passes on what is worth saying to people", async () => {
  const get = await start(() => "namespace lost can't be read");
  const response = await get("/readyz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ready", note: "namespace lost can't be read" });
});

it("a check that hangs counts as not ready", async () => {
  const get = await start(() => new Promise(() => undefined));
  expect((await get("/readyz")).status).toBe(503);
});

it("probes at the same time share one check", async () => {
  let checks = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const get = await start(() => {
    checks += 1;
    return promise;
  });
  const probes = [get("/readyz"), get("/readyz"), get("/readyz")];
  await expect.poll(() => checks).toBe(1);
  await get("/livez");
  resolve();
  expect((await Promise.all(probes)).map((response) => response.status)).toEqual([200, 200, 200]);
  expect(checks).toBe(1);
});

it("a draining server is not ready and no longer runs the check", async () => {
  let checks = 0;
  const get = await start(() => {
    checks += 1;
  });
  server?.drain();
  expect((await get("/readyz")).status).toBe(503);
  expect((await get("/livez")).status).toBe(200);
  expect(checks).toBe(0);
});
