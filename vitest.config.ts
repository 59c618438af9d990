import { defineConfig } from "vitest/config";
import { longFilesFirst } from "./test/long-files-first.ts";

/** Unit level: everything that needs Node.js and, at most, a PostgreSQL the tests start themselves. */
export default defineConfig({
  test: {
    include: [
      "packages/**/*.test.ts",
      "services/**/*.test.ts",
      "operator/**/*.test.ts",
      "scripts/**/*.test.ts",
      "cluster/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**", "**/.next/**", "**/*.cluster.test.ts", "**/*.backup.test.ts"],
    globalSetup: ["packages/db/src/testing/global-setup.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    sequence: { sequencer: longFilesFirst("leaves.test.ts", "services/frontend/test/account.test.ts") },
  },
});
