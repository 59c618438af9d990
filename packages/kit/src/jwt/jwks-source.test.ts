import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestIssuer, type TestIssuer } from "../testing/index.ts";
import { createJwksSource, type JwksSourceOptions } from "./jwks-source.ts";

let issuer: TestIssuer;
let time: number;

beforeEach(async () => {
  issuer = await createTestIssuer();
  time = 1_000_000_000_000;
});
afterEach(() => issuer.close());

const sourceWith = (options: Partial<JwksSourceOptions> = {}) =>
  createJwksSource({ url: issuer.jwksUrl, now: () => time, ...options });
const seconds = (count: number) => {
  time += count * 1000;
};
const settled = () => expect.poll(() => issuer.fetches, { interval: 5 });

describe("a known key", () => {
  it("is fetched once for concurrent callers", async () => {
    const source = sourceWith();
    await Promise.all(Array.from({ length: 50 }, () => source.resolve(issuer.key.kid)));
    expect(issuer.fetches).toBe(1);
  });

  it("is used while the set is refreshed in the background", async () => {
    const source = sourceWith();
    const key = await source.resolve(issuer.key.kid);
    seconds(301);
    issuer.mode = "hanging";
    expect(source.current(issuer.key.kid)).toBe(key);
    expect(await source.resolve(issuer.key.kid)).toBe(key);
    await settled().toBe(2);
  });

  it("stays the same object over a refresh, so that verified tokens survive it", async () => {
    const source = sourceWith();
    const key = await source.resolve(issuer.key.kid);
    seconds(700);
    expect(await source.resolve(issuer.key.kid)).toBe(key);
    expect(issuer.fetches).toBe(2);
  });

  it.each(["down", "garbage", "empty", "giant"] as const)(
    "outlives an endpoint that is %s, for a day",
    async (mode) => {
      const source = sourceWith();
      const { kid } = issuer.key;
      await source.resolve(kid);
      issuer.mode = mode;
      for (let hour = 0; hour < 23; hour += 1) {
        seconds(3600);
        await source.resolve(kid);
      }
      seconds(2 * 3600);
      await expect(source.resolve(kid)).rejects.toMatchObject({ reason: "keys_unavailable" });
      issuer.mode = "ok";
      seconds(60);
      expect((await source.resolve(kid)).kid).toBe(kid);
    },
  );

  it("does not make each caller wait for an endpoint that is down", async () => {
    const source = sourceWith();
    await source.resolve(issuer.key.kid);
    issuer.mode = "down";
    seconds(3600);
    await source.resolve(issuer.key.kid);
    const fetches = issuer.fetches;
    for (let i = 0; i < 100; i += 1) await source.resolve(issuer.key.kid);
    expect(source.current(issuer.key.kid)?.kid).toBe(issuer.key.kid);
    expect(issuer.fetches).toBe(fetches);
  });

  it("is gone when the set no longer holds it", async () => {
    const source = sourceWith();
    const { kid } = issuer.key;
    await source.resolve(kid);
    const next = issuer.rotate({ retire: true });
    seconds(601);
    await expect(source.resolve(kid)).rejects.toMatchObject({ reason: "unknown_key" });
    expect((await source.resolve(next.kid)).kid).toBe(next.kid);
  });
});

describe("an unknown key", () => {
  it("is looked for at once when the last look is long enough ago", async () => {
    const source = sourceWith();
    await source.resolve(issuer.key.kid);
    const next = issuer.rotate();
    seconds(31);
    expect((await source.resolve(next.kid)).kid).toBe(next.kid);
  });

  it("causes one fetch in 30 s, however many are tried", async () => {
    const source = sourceWith();
    await source.resolve(issuer.key.kid);
    for (let second = 0; second < 61; second += 1) {
      const forged = Array.from({ length: 200 }, (_, i) =>
        source.resolve(`forged-${second}-${i}`).catch(() => "refused"),
      );
      expect(new Set(await Promise.all(forged))).toEqual(new Set(["refused"]));
      seconds(1);
    }
    expect(issuer.fetches).toBe(3);
  });

  it("that a fresh set did not hold does not use up the looks for others", async () => {
    const source = sourceWith();
    await source.resolve(issuer.key.kid);
    seconds(31);
    await expect(source.resolve("forged")).rejects.toMatchObject({ reason: "unknown_key" });
    expect(issuer.fetches).toBe(2);
    seconds(31);
    await expect(source.resolve("forged")).rejects.toMatchObject({ reason: "unknown_key" });
    expect(issuer.fetches).toBe(2);
    const next = issuer.rotate();
    expect((await source.resolve(next.kid)).kid).toBe(next.kid);
  });

  it("with a dangerous name is refused like any other", async () => {
    const source = sourceWith();
    for (const kid of ["__proto__", "constructor", "toString"]) {
      await expect(source.resolve(kid)).rejects.toMatchObject({ reason: "unknown_key" });
    }
  });
});

describe("at the start", () => {
  it("tries again soon, not with each caller, while the endpoint is down", async () => {
    const source = sourceWith();
    issuer.mode = "down";
    for (let i = 0; i < 20; i += 1) {
      await expect(source.resolve(issuer.key.kid)).rejects.toMatchObject({ reason: "keys_unavailable" });
    }
    expect(issuer.fetches).toBe(1);
    issuer.mode = "ok";
    seconds(1);
    expect((await source.resolve(issuer.key.kid)).kid).toBe(issuer.key.kid);
  });

  it("does not slow down while the issuer takes its time: the service is ready soon after it", async () => {
    const source = sourceWith();
    issuer.mode = "down";
    for (let second = 0; second < 50; second += 1) {
      await source.resolve(issuer.key.kid).catch(() => undefined);
      seconds(1);
    }
    expect(issuer.fetches).toBeLessThan(30);
    issuer.mode = "ok";
    seconds(2);
    expect((await source.resolve(issuer.key.kid)).kid).toBe(issuer.key.kid);
  });

  it("gives up on an endpoint that hangs", async () => {
    issuer.mode = "hanging";
    const source = sourceWith({ timeoutMs: 50 });
    await expect(source.resolve(issuer.key.kid)).rejects.toMatchObject({ reason: "keys_unavailable" });
  });
});
