import { expect, test } from "vitest";
import { ProviderError } from "./errors.ts";
import { modelErrorOf } from "./provider-errors.ts";

/** What the log gets of a refusal whose header and code hold this text. */
function loggedOf(text: string, secrets: readonly string[] = []) {
  const headers = new Headers({ "x-request-id": text });
  const error = new ProviderError({ status: 400, body: { error: { code: text, message: "no" } }, headers });
  return modelErrorOf(error, { model: "m", secrets }).cause;
}

test("the log gets the ids and codes of a provider, by which it can be asked", () => {
  expect(loggedOf("req_011CSxyz")).toMatchObject({ status: 400, provider_request_id: "req_011CSxyz" });
  expect(loggedOf("context_limit")).toMatchObject({ code: "context_limit" });
});

test.each([
  ["a configured key, whatever its form", "gatewaysecret", ["gatewaysecret"]],
  ["something around a configured key", "id-gatewaysecret-1", ["gatewaysecret"]],
  ["what has the form of a key", "sk-abcdef123456", []],
  ["a long text", "a".repeat(100), []],
])("an id or code that is %s stays out of the log", (_what, text, secrets) => {
  expect(JSON.stringify(loggedOf(text, secrets))).not.toContain(text);
});
