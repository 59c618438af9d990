import { PASSWORD_REFUSALS } from "@taskassistant/contracts/password-refusals";
import { expect, test } from "vitest";
import { words as errorWords } from "../../lib/errors/words.ts";
import { authProblem, checkCredentials } from "./auth.ts";
import { words } from "./words.ts";

test("the form shows a problem at its field, and signing in checks less than signing up", () => {
  const typed = { email: "alex@example", password: "short", name: "" };
  expect(checkCredentials("sign-in", typed)).toEqual({ email: words.emailInvalid });
  expect(Object.keys(checkCredentials("sign-up", typed)).sort()).toEqual(["email", "name", "password"]);
  expect(checkCredentials("sign-up", { email: "alex@example.org", password: "long enough", name: "Alex" })).toEqual({});
});

test("a refused sign-in does not reveal whether the email or the password was wrong", () => {
  expect(authProblem({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" })).toEqual({ sentence: words.wrong });
  expect(authProblem({ status: 422, code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL" })).toMatchObject({ field: "email" });
  expect(authProblem({ status: 400, code: "PASSWORD_COMMON" })).toEqual({
    field: "password",
    sentence: PASSWORD_REFUSALS.PASSWORD_COMMON,
  });
  expect(authProblem({ status: 403, code: "INVALID_ORIGIN" }).sentence).toBe(errorWords.origin);
  expect(authProblem({ status: 0 }).sentence).toBe(errorWords.offline);
  expect(authProblem({ status: 429 }).sentence).toBe(errorWords.rateLimited);
});
