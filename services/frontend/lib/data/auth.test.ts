import { expect, test } from "vitest";
import { strings } from "../strings.ts";
import { authProblem, checkCredentials } from "./auth.ts";

test("what is wrong with the form is said at the field, and signing in asks less than signing up", () => {
  const typed = { email: "alex@example", password: "short", name: "" };
  expect(checkCredentials("sign-in", typed)).toEqual({ email: strings.auth.emailInvalid });
  expect(Object.keys(checkCredentials("sign-up", typed)).sort()).toEqual(["email", "name", "password"]);
  expect(checkCredentials("sign-up", { email: "alex@example.org", password: "long enough", name: "Alex" })).toEqual({});
});

test("a refusal becomes a sentence that does not say which of the two was wrong", () => {
  expect(authProblem({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" })).toEqual({ sentence: strings.auth.wrong });
  expect(authProblem({ status: 422, code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL" })).toMatchObject({ field: "email" });
  expect(authProblem({ status: 403, code: "INVALID_ORIGIN" }).sentence).toBe(strings.auth.origin);
  expect(authProblem({ status: 0 }).sentence).toBe(strings.errors.offline);
  expect(authProblem({ status: 429 }).sentence).toBe(strings.errors.rateLimited);
});
