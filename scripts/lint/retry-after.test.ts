import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { productSources } from "./product-sources.ts";

const HOME = "packages/kit/src/fetch/retry-after.ts";
/** Copies the header into an answer without looking into it. */
const FORWARDS = ["services/frontend/server/auth/routes.ts"];

const others = productSources()
  .filter(({ path }) => path !== HOME)
  .map(({ path, file }) => ({ path, text: readFileSync(file, "utf8") }));

it("only one parser reads Retry-After", () => {
  const readers = others.filter(({ text }) => /(?:\.get\(|\[)\s*"(?:x-)?retry-after"/i.test(text));
  expect(readers.length).toBeGreaterThan(3);
  const withoutParser = readers.filter(({ text }) => !text.includes("secondsUntilRetry("));
  expect(withoutParser.map(({ path }) => path)).toEqual(FORWARDS);
});

it("every wait that is sent in Retry-After has a name", () => {
  const senders = others.filter(({ text }) => text.includes("retryAfter("));
  expect(senders.length).toBeGreaterThan(5);
  const unnamed = ({ text }: { text: string }) =>
    /retryAfter\(\s*\d|"retry-after": *["'`\d]|retryAfterSeconds: *\d/.test(text);
  expect(others.filter(unnamed).map(({ path }) => path)).toEqual([]);
});
