import { loadedPackages } from "@taskassistant/kit/testing";
import { expect, it } from "vitest";

it("the operator loads the logger, and neither the web framework nor the token library of the services", () => {
  const packages = ["hono", "@hono/node-server", "jose", "pino"];
  expect(loadedPackages("./operator.ts", import.meta.dirname, packages)).toEqual(["pino"]);
});
