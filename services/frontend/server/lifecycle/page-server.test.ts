import { API_BODY_MAX, AUTH_BODY_MAX } from "@taskassistant/contracts/limits";
import { expect, test } from "vitest";
import { bodyMax } from "./page-server.ts";

test.each(["/", "/sign-in", "/chat/1", "/_next/static/a.js", "/nothing-here", "/apis"])("%s takes no body", (path) => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect(bodyMax(method, path)).toBe(0);
});

test("only what reads a body takes one, no larger than it reads", () => {
  expect(bodyMax("POST", "/api/auth/sign-in/email")).toBe(AUTH_BODY_MAX);
  expect(bodyMax("POST", "/api/token")).toBe(AUTH_BODY_MAX);
  expect(bodyMax("POST", "/api/chat")).toBe(API_BODY_MAX);
});
