import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildFrontend, standalone } from "./built-server-harness.ts";

beforeAll(buildFrontend, 600_000);

/** KiB of compressed script. What grows beyond it belongs into a part that is loaded when it is used. */
const MOST = 300;

test(`the chat page loads at most ${MOST} KiB of script before it is there`, () => {
  const page = readFileSync(join(standalone, ".next/server/app/index.html"), "utf8");
  const tags = page.match(/<script\b[^>]*>/g) ?? [];
  // Browsers that know modules leave the polyfills of the others alone.
  const loaded = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .flatMap((tag) => /src="\/_next\/([^"?]+)/.exec(tag)?.[1] ?? []);
  expect(loaded.length).toBeGreaterThan(5);
  const bytes = [...new Set(loaded)].reduce(
    (sum, file) => sum + statSync(join(standalone, ".next", `${file}.br`)).size,
    0,
  );
  console.log(`first load of the chat page: ${(bytes / 1024).toFixed(0)} KiB of script`);
  expect(bytes / 1024).toBeLessThanOrEqual(MOST);
});
