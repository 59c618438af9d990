import { ROUTES } from "@taskassistant/contracts/routes";
import { expect, test } from "vitest";
import { type AppDeps, createApp } from "./app.ts";

test("the API serves the routes of the table and no other", () => {
  const unused = {} as AppDeps;
  const app = createApp({ ...unused, corsOrigins: [], requestsPerMinute: 0 });
  // `ALL` is middleware.
  const served = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
  const listed = Object.values(ROUTES).map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`);
  expect([...new Set(served)].toSorted()).toEqual(listed.toSorted());
});
