import { expect, test } from "vitest";
import { taskFixture } from "../../tasks/task-fixture.ts";
import { groupTasks } from "../../tasks/task-groups.ts";
import { daySummary, suggestionsFor } from "./suggestions.ts";
import { words } from "./words.ts";

const TODAY = "2026-11-22";
const own = groupTasks(
  [
    taskFixture({ id: "t_1", title: "Buy milk", due: "2026-11-20" }),
    taskFixture({ id: "t_2", title: "Buy bread", due: TODAY }),
  ],
  TODAY,
);
const none = groupTasks([], TODAY);

test("suggestions come from the person's own tasks, with general ones to fill them up", () => {
  const prompts = suggestionsFor(own).map(({ prompt }) => prompt);
  expect(prompts).toHaveLength(4);
  expect(prompts.slice(0, 3)).toEqual(['move "Buy milk" to today', "what is due today?", 'mark "Buy bread" as done']);
  expect(prompts[3]).not.toBe(suggestionsFor(none)[0]?.prompt);
  expect(suggestionsFor(none)).toHaveLength(4);
});

test("the summary of the day counts what is overdue and what is due today", () => {
  expect(daySummary(own)).toBe("One task is overdue, one is due today.");
  expect(daySummary(none)).toBe(words.day.empty);
});
