import { defineConfig } from "vitest/config";

/** Cluster level: real Kubernetes. Each file brings up a cluster of its own; two at a time, since they wait a lot. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["scripts", "test/cluster", "operator/test"].map((folder) => `${folder}/**/*.cluster.test.ts`),
    exclude: ["**/node_modules/**", "**/dist/**"],
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
