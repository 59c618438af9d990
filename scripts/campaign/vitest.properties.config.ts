import { defineConfig, mergeConfig } from "vitest/config";
import unit from "../../vitest.config.ts";

/** The unit level with one seed for all properties. */
export default mergeConfig(
  unit,
  defineConfig({
    root: new URL("../..", import.meta.url).pathname,
    test: { setupFiles: ["packages/tasks/test/property-seed.ts"], testTimeout: 180_000 },
  }),
);
