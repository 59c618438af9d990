import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withLock } from "./lock.ts";

const folder = mkdtempSync(join(tmpdir(), "ta-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a lock is acquired though its holder removes the folder that it is in", async () => {
  const clusters = join(folder, "clusters");
  const path = join(clusters, "e2e.lock");
  const waiting = Promise.withResolvers<void>();
  const first = withLock(path, 10_000, async () => {
    await waiting.promise;
    rmSync(clusters, { recursive: true });
  });
  const second = withLock(path, 10_000, async () => existsSync(path), waiting.resolve);
  await first;
  expect(await second).toBe(true);
});
