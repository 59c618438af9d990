import { UserBusyError } from "@taskassistant/db";
import { expect, test } from "vitest";
import { toProblem } from "./problems.ts";

const pgError = (code: string) => Object.assign(new Error("said by PostgreSQL"), { code });

test.each<[string, Error, number, string]>([
  ["a statement that took too long", pgError("57014"), 503, "unavailable"],
  ["a deadlock", pgError("40P01"), 503, "unavailable"],
  ["a database that stops", pgError("57P01"), 503, "unavailable"],
  ["too much work of one user", new UserBusyError(), 429, "rate_limited"],
])("%s is a problem that says when to try again", (_name, error, status, code) => {
  const problem = toProblem(error);
  expect([problem?.status, problem?.code]).toEqual([status, code]);
  expect(Number(problem?.headers["retry-after"])).toBeGreaterThan(0);
});

test("a value that PostgreSQL can't hold is the request's fault", () => {
  expect(toProblem(pgError("22003"))).toMatchObject({ status: 400, code: "invalid_request" });
});
