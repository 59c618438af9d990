import { createBudget } from "@taskassistant/kit/guard";
import { ProblemError } from "@taskassistant/kit/http";
import { expect, test, vi } from "vitest";
import { createRespondJson } from "./large-response.ts";

const large = { notes: "ü".repeat(100_000) };
const refusalOf = (make: () => Response) => {
  try {
    make();
  } catch (error) {
    return error;
  }
};

test("a large response arrives whole, and small ones are not counted", async () => {
  const budget = createBudget({ bytes: 300_000, holdMs: 1_000 });
  const respondJson = createRespondJson(budget);
  const response = respondJson("anna", large, { etag: '"1"' });
  expect(budget.taken()).toBeGreaterThan(200_000);
  expect([response.headers.get("etag"), await response.json()]).toEqual(['"1"', large]);
  expect(budget.taken()).toBe(0);
  expect(await respondJson("anna", { a: 1 }).json()).toEqual({ a: 1 });
});

test("responses that nobody reads are refused beyond a user's share, with a pause, and other users get theirs", async () => {
  const respondJson = createRespondJson(createBudget({ bytes: 1_000_000, bytesPerOwner: 500_000, holdMs: 60_000 }));
  const unread = [respondJson("anna", large), respondJson("anna", large)];
  const made = vi.spyOn(JSON, "stringify");
  const refused = refusalOf(() => respondJson("anna", large));
  expect(made).not.toHaveBeenCalled();
  made.mockRestore();
  expect(refused).toBeInstanceOf(ProblemError);
  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  expect(await respondJson("ben", large).json()).toEqual(large);
  await unread[0]?.body?.cancel();
  expect(await respondJson("anna", large).json()).toEqual(large);
});
