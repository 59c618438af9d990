import { defineConfig } from "vitest/config";

/** Cluster level: real Kubernetes. One file at a time, since each brings up processes that want the whole machine. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["scripts", "test/cluster", "operator/test"].map((folder) => `${folder}/**/*.cluster.test.ts`),
    exclude: ["**/node_modules/**", "**/dist/**"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
