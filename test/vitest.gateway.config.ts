import { defineConfig } from "vitest/config";

/** Gateway level: the API with LiteLLM between it and the demo model. `make test-gateway` installs it. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/gateway/*.gateway.test.ts"],
    globalSetup: ["packages/db/src/testing/global-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
