import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
/** Where the keepers are themselves, and programs that a test means to outlive their owner. */
const KEEPERS = ["packages/kit/src/testing/end-with-owner", "packages/db/src/testing/postgres.ts"];
/** A program that is started and not waited for on the spot. */
const START = /(?<![.\w])(?:spawn|fork)\(/g;

const files = globSync("{packages,services,operator,cluster,scripts,test}/**/*.ts", {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|\.next)$/.test(path),
})
  .filter((path) => /(^|\/)(test|testing)\/|\.test\.ts$/.test(path))
  .filter((path) => !KEEPERS.some((keeper) => path.startsWith(keeper)))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
  .filter(({ text }) => /import \{[^}]*\b(?:spawn|fork)\b[^}]*\} from "node:child_process"/.test(text));

it("every program that a test starts ends with the test, however that ends", () => {
  expect(files.length).toBeGreaterThan(10);
  const left = files.flatMap(({ path, text }) =>
    [...text.matchAll(START)]
      .filter(({ index }) => !/endWithOwner\(\s*$/.test(text.slice(0, index)))
      .map(({ index }) => `${path}:${text.slice(0, index).split("\n").length}`),
  );
  expect(left, "pass what spawn or fork returns through endWithOwner of @taskassistant/kit/testing").toEqual([]);
});
