import { expect, it } from "vitest";
import { createApi } from "./api.ts";

/** Never answers, like a connection that got lost without notice. Ends when the request is aborted. */
const silent: typeof fetch = (_input, init) =>
  new Promise((_answer, fail) => {
    init?.signal?.addEventListener("abort", () => fail(init.signal?.reason));
  });

it("gives up on a response that does not come, and reports a lost connection", async () => {
  const api = createApi({ fetch: silent, patienceMs: 20 });
  const asked = [api.me(), api.patchTask("u", "t", { title: "x" }, 1), api.deleteTask("u", "t")];
  for (const { status, reason } of await Promise.allSettled(asked).then((all) => all as PromiseRejectedResult[])) {
    expect([status, reason]).toMatchObject(["rejected", { name: "ApiError", code: "offline", status: 0 }]);
  }
});

it("waits for a stream until the caller gives up", async () => {
  const leaving = new AbortController();
  const asked = createApi({ fetch: silent, patienceMs: 20 }).send("/api/chat", { signal: leaving.signal });
  const first = await Promise.race([
    asked.catch(() => "over"),
    new Promise((done) => setTimeout(done, 100, "waiting")),
  ]);
  expect(first).toBe("waiting");
  leaving.abort(new Error("left"));
  await expect(asked).rejects.toThrow("left");
});
