import { expect, test } from "vitest";
import { audienceOf, scopesOf, TOKEN_TYP, type TokenKind, userIdSchema } from "./index.ts";

const KINDS: readonly TokenKind[] = ["api", "run-grant", "mcp"];

test("each token has an audience of its own below the issuer, with or without a slash at its end", () => {
  for (const issuer of ["https://tasks.example.test", "https://tasks.example.test/", "https://tasks.example.test//"]) {
    expect(KINDS.map((kind) => audienceOf(kind, issuer))).toEqual([
      "https://tasks.example.test/api",
      "https://tasks.example.test/exchange",
      "https://tasks.example.test/mcp",
    ]);
  }
});

test("audience and type together tell the tokens apart", () => {
  const names = KINDS.map((kind) => `${TOKEN_TYP[kind]} ${audienceOf(kind, "https://x.test")}`);
  expect(new Set(names).size).toBe(KINDS.length);
  expect(TOKEN_TYP["run-grant"]).not.toBe(TOKEN_TYP.api);
});

test("scopes are words between spaces, compared whole", () => {
  expect([...scopesOf({ scope: " tasks:read  tasks:write " })]).toEqual(["tasks:read", "tasks:write"]);
  expect(scopesOf({ scope: "tasks:readonly" }).has("tasks:read")).toBe(false);
  expect(scopesOf({ scope: "" }).size).toBe(0);
});

test("a user id has 32 letters and digits, nothing that means something in a path or a pattern", () => {
  expect(userIdSchema.safeParse(`${"aB3".repeat(10)}xy`).success).toBe(true);
  for (const id of [
    "",
    "a".repeat(31),
    "a".repeat(33),
    `${"a".repeat(31)}/`,
    `${"a".repeat(31)}%`,
    `${"a".repeat(32)}\n`,
  ]) {
    expect(userIdSchema.safeParse(id).success, id).toBe(false);
  }
});
