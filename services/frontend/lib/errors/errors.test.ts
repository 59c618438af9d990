import { secondsUntilRetry } from "@taskassistant/kit/fetch";
import { expect, test } from "vitest";
import { ApiError, toApiError } from "./api-error.ts";
import { explain } from "./explain.ts";
import { words } from "./words.ts";

const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/problem+json", ...headers } });

test("a problem with a known code becomes our own sentence, with its request ID and waiting time", async () => {
  const error = await toApiError(
    problem(429, { code: "rate_limited", detail: "slow down", request_id: "r1" }, { "retry-after": "12" }),
  );
  expect(explain(error)).toEqual({
    sentence: words.rateLimited,
    requestId: "r1",
    retryAfter: 12,
    retryable: true,
  });
});

test("the server's own sentence is shown where only it knows what is wrong", async () => {
  const error = await toApiError(
    problem(400, { code: "invalid_request", detail: "title is empty; say what is to be done" }),
  );
  expect(explain(error)).toEqual({ sentence: "title is empty; say what is to be done", retryable: false });

  const detail = "3 answers are still being written for you. Wait for one to finish, or stop it.";
  const busy = await toApiError(problem(429, { code: "too_many_turns", detail }, { "retry-after": "5" }));
  expect(explain(busy)).toEqual({ sentence: detail, retryAfter: 5, retryable: true });
});

test("an error of the sign-in routes is a sentence, too", async () => {
  const busy = await toApiError(
    problem(429, { code: "TOO_MANY_ATTEMPTS", message: "Wait a minute." }, { "retry-after": "60" }),
  );
  expect(explain(busy)).toEqual({ sentence: "Wait a minute.", retryAfter: 60, retryable: true });
  const foreign = await toApiError(problem(403, { code: "INVALID_ORIGIN", message: "Invalid origin" }));
  expect(explain(foreign).sentence).toBe(words.origin);
});

test("a response that is no problem document still gives a true sentence", async () => {
  const gateway = await toApiError(new Response("<html>", { status: 502, headers: { "x-request-id": "r2" } }));
  expect(explain(gateway)).toMatchObject({ sentence: words.unavailable, requestId: "r2" });
  expect(explain(new TypeError("Failed to fetch")).sentence).toBe(words.offline);
  expect(explain(new Error("x is not a function")).sentence).toBe(words.unknown);
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  expect(secondsUntilRetry("5", now)).toBe(5);
  expect(secondsUntilRetry("Sun, 22 Nov 2026 10:00:30 GMT", now)).toBe(30);
  expect(secondsUntilRetry("soon", now)).toBeUndefined();
  expect(secondsUntilRetry(null, now)).toBeUndefined();
});

test("an ApiError is an Error that keeps its fields", () => {
  expect(new ApiError({ status: 0, code: "offline", detail: "" })).toMatchObject({ status: 0, code: "offline" });
});
