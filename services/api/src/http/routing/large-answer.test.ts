import { createBudget } from "@taskassistant/kit/guard";
import { ProblemError } from "@taskassistant/kit/http";
import { expect, test } from "vitest";
import { createAnswerJson } from "./large-answer.ts";

const large = { notes: "ü".repeat(100_000) };
const refusalOf = (make: () => Response) => {
  try {
    make();
  } catch (error) {
    return error;
  }
};

test("a large answer arrives whole, and small ones are not counted", async () => {
  const budget = createBudget({ bytes: 300_000, holdMs: 1_000 });
  const answerJson = createAnswerJson(budget);
  const response = answerJson("anna", large, { etag: '"1"' });
  expect(budget.taken()).toBeGreaterThan(200_000);
  expect([response.headers.get("etag"), await response.json()]).toEqual(['"1"', large]);
  expect(budget.taken()).toBe(0);
  expect(await answerJson("anna", { a: 1 }).json()).toEqual({ a: 1 });
});

test("answers that nobody reads are refused beyond a user's share, with a pause, and other users get theirs", async () => {
  const answerJson = createAnswerJson(createBudget({ bytes: 1_000_000, bytesPerOwner: 500_000, holdMs: 60_000 }));
  const unread = [answerJson("anna", large), answerJson("anna", large)];
  const refused = refusalOf(() => answerJson("anna", large));
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  expect(await answerJson("ben", large).json()).toEqual(large);
  await unread[0]?.body?.cancel();
  expect(await answerJson("anna", large).json()).toEqual(large);
});
