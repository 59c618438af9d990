import { defineConfig } from "vitest/config";

/** Backup level: the backup program with PostgreSQL of each supported version and an S3 storage. `make test-backup` installs them. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["services/backup/test/*.backup.test.ts"],
    globalSetup: ["packages/db/src/testing/global-setup.ts", "services/backup/test/harness/install.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
