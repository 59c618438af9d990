import type { Task } from "@taskassistant/contracts";
import { draftTask } from "@taskassistant/contracts/drafts";

/** A task for tests: open, without a date, at its first version. */
export function taskFixture(fields: Partial<Task> = {}): Task {
  return { ...draftTask("t_000000000000", { title: "Buy milk" }, "2026-11-22T08:00:00.000Z"), ...fields };
}
