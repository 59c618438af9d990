import { defineConfig } from "vitest/config";
import { longFilesFirst } from "./long-files-first.ts";

/**
 * End-to-end level: the product on one real node, in a real browser. The files share the node, each in a
 * namespace of its own; three at a time, since they wait a lot.
 */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/e2e/**/*.e2e.test.ts"],
    globalSetup: ["test/e2e/global-setup.ts"],
    maxWorkers: 3,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    sequence: {
      sequencer: longFilesFirst(
        ...["lifecycle", "upgrade", "troubleshooting", "kubectl", "demo", "backup"].map(
          (name) => `${name}.e2e.test.ts`,
        ),
      ),
    },
  },
});
