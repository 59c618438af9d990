import { describe, expect, test } from "vitest";
import { askOnce } from "../../services/api/test/harness/driver.ts";
import { another, driverOf, ENDLESS, QUESTION, settings } from "./harness.ts";

const LONG = settings(ENDLESS, { maxOutputTokens: 7_000 });

describe("a server that stops in the middle of an answer", () => {
  const cases: [NodeJS.Signals, string, string][] = [
    ["SIGKILL", "model_unavailable", "The model's answer broke off. Try again."],
    // It stops writing and leaves the connection open.
    ["SIGTERM", "model_timeout", "The model stopped responding. Try again."],
    ["SIGSTOP", "model_timeout", "The model stopped responding. Try again."],
  ];
  test.each(cases)("by %s leaves the words that were read, and a sentence", async (signal, code, sentence) => {
    const stopping = await another();
    const driver = driverOf(stopping, { idleTimeoutMs: 3_000, settings: LONG });
    let pieces = 0;
    const { text, failure } = await askOnce(driver, QUESTION, () => {
      if (++pieces === 20) stopping.signal(signal);
    });
    expect([failure?.code, failure?.message]).toEqual([code, sentence]);
    expect(text.length).toBeGreaterThan(20);
  });
});

describe("a server that is busy with somebody else's answer", () => {
  test("is waited for as long as the first byte may take, and no longer", async () => {
    const busy = await another();
    const endless = driverOf(busy, { settings: settings(ENDLESS, { maxOutputTokens: 2_000 }) });
    const begun = Promise.withResolvers<void>();
    const other = askOnce(endless, QUESTION, () => begun.resolve());
    await begun.promise;
    const impatient = await askOnce(driverOf(busy, { firstTimeoutMs: 300, maxRetries: 0 }), QUESTION);
    expect([impatient.failure?.code, impatient.failure?.message]).toEqual([
      "model_timeout",
      "The model did not answer in time. Try again.",
    ]);
    const patient = await askOnce(driverOf(busy), QUESTION);
    expect(patient.failure).toBeUndefined();
    expect((await other).reason).toBe("length");
  });

  test("is free again when the reader of that answer has left", async () => {
    const busy = await another({ args: ["--slots"] });
    const leaving = new AbortController();
    const driver = driverOf(busy, { settings: LONG });
    const asked = driver.ask({ messages: QUESTION, tools: [], signal: leaving.signal });
    const reading = async () => {
      for await (const event of asked) if (event.type === "text") leaving.abort(new Error("left"));
    };
    await expect(reading()).rejects.toThrow("left");
    const slots = async () => (await fetch(busy.url.replace("/v1", "/slots"))).json();
    await expect.poll(slots, { timeout: 10_000 }).toMatchObject([{ is_processing: false }]);
  });
});
