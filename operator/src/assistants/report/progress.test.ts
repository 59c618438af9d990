import { expect, it } from "vitest";
import { assistant } from "../../../test/fixtures/assistant-fixture.ts";
import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import { progressOf } from "./progress.ts";

function withConditions(...statuses: [type: string, status: "True" | "False"][]): TaskAssistant {
  const conditions = statuses.map(([type, status]) => ({ type, status, reason: "Any", message: "" }));
  return { ...assistant(), status: { conditions } } as unknown as TaskAssistant;
}

it("an assistant without a status has not begun", () => {
  expect(progressOf(assistant())).toBe(0);
});

it("the more conditions of an assistant are true, the further it is", () => {
  const begun = withConditions(["Ready", "False"], ["DatabaseReady", "True"], ["ApiAvailable", "False"]);
  const nearlyDone = withConditions(["Ready", "False"], ["DatabaseReady", "True"], ["ApiAvailable", "True"]);
  expect(progressOf(nearlyDone)).toBeGreaterThan(progressOf(begun));
});

it("an assistant that is Ready does not go before those that are not", () => {
  expect(progressOf(withConditions(["Ready", "True"], ["ApiAvailable", "True"]))).toBe(0);
});
