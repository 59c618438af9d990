import { expect, test } from "vitest";
import { createTokenSource } from "./token-source.ts";

/** A source whose exchange gives tokens of 60 seconds, and the time it goes by. */
function sourceAt(start: number) {
  const clock = { now: start };
  let exchanges = 0;
  const source = createTokenSource({
    exchange: {
      runGrant: () => Promise.reject(new Error("not asked for here")),
      mcpToken: async () => ({ token: `token ${++exchanges}`, expiresAt: clock.now + 60_000 }),
    },
    runGrant: "grant",
    signal: new AbortController().signal,
    now: () => clock.now,
  });
  return { source, clock };
}

test("a token is used until ten seconds before its end, so that it is valid when it arrives", async () => {
  const { source, clock } = sourceAt(0);
  expect(await source.token()).toBe("token 1");
  clock.now = 49_999;
  expect(await source.token()).toBe("token 1");
  clock.now = 50_000;
  expect(await source.token()).toBe("token 2");
});

test("callers at the same time share one exchange", async () => {
  const { source } = sourceAt(0);
  expect(await Promise.all([source.token(), source.token()])).toEqual(["token 1", "token 1"]);
});

test("a token that was refused is not sent again", async () => {
  const { source } = sourceAt(0);
  await source.token();
  source.invalidate();
  expect(await source.token()).toBe("token 2");
});
