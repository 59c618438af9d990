import { expect, test } from "vitest";
import { idempotencyKey } from "./idempotency-key.ts";

const change = { conversationId: "c", firstAskedAs: "q", fingerprint: "f", ordinal: 0 };

test("the same change has the same key in every attempt, and every other change has another", () => {
  const others = [
    { ...change, conversationId: "d" },
    { ...change, firstAskedAs: "r" },
    { ...change, fingerprint: "g" },
    { ...change, ordinal: 1 },
    { ...change, conversationId: "cq", firstAskedAs: "" },
  ];
  expect(idempotencyKey({ ...change })).toBe(idempotencyKey(change));
  expect(new Set([change, ...others].map(idempotencyKey)).size).toBe(others.length + 1);
});
