import { expect, it } from "vitest";
import { createApi } from "./api.ts";

/** Answers never, as a connection does that got lost without a word; gives up when it is told to. */
const silent: typeof fetch = (_input, init) =>
  new Promise((_answer, fail) => {
    init?.signal?.addEventListener("abort", () => fail(init.signal?.reason));
  });

it("gives up on an answer that does not come, and says so as for a lost connection", async () => {
  const api = createApi({ fetch: silent, patienceMs: 20 });
  const asked = [api.me(), api.patchTask("u", "t", { title: "x" }, 1), api.deleteTask("u", "t")];
  for (const { status, reason } of await Promise.allSettled(asked).then((all) => all as PromiseRejectedResult[])) {
    expect([status, reason]).toMatchObject(["rejected", { name: "ApiError", code: "offline", status: 0 }]);
  }
});

it("waits for a stream as long as the caller does", async () => {
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
