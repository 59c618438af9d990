import type { Task } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { taskFixture } from "../task-fixture.ts";
import { groupTasks } from "../task-groups.ts";
import { doneSections, dueSections } from "./sections.ts";
import type { TaskView } from "./task-view.ts";

const TODAY = "2026-12-30";
const task = (id: string, fields: Partial<Task> = {}) => taskFixture({ id, title: id, ...fields });
const shown = (sections: ReturnType<typeof dueSections>) =>
  sections.map(({ title, tasks }) => [title, tasks.map(({ id }) => id)]);

const TASKS = [
  task("late", { due: "2026-12-01" }),
  task("now", { due: TODAY }),
  task("next", { due: "2026-12-31" }),
  task("also next", { due: "2026-12-31" }),
  task("new year", { due: "2027-01-01" }),
  task("some day"),
  task("ready", { done: true, completed_at: "2026-12-30T09:00:00.000Z" }),
];

test.each<[TaskView, unknown]>([
  [
    "upcoming",
    [
      ["Tomorrow · Thursday 31 December", ["next", "also next"].sort()],
      ["Friday, 1 January 2027", ["new year"]],
      ["No date", ["some day"]],
    ],
  ],
  [
    "today",
    [
      ["Overdue", ["late"]],
      ["Due today", ["now"]],
      ["Done today", ["ready"]],
    ],
  ],
  [
    "all",
    [
      ["Overdue", ["late"]],
      ["Today", ["now"]],
      ["Upcoming", ["also next", "next", "new year"]],
      ["No date", ["some day"]],
      ["Done today", ["ready"]],
    ],
  ],
])("the sections of the view %s", (view, expected) => {
  const groups = groupTasks(TASKS, TODAY, { timeZone: "UTC" });
  expect(shown(dueSections(view, groups, TODAY, "en-GB")).map(([title, ids]) => [title, ids])).toEqual(expected);
});

test("completed tasks stand below the day in the person's time zone, the newest first", () => {
  const done = (id: string, completed_at: string) => task(id, { done: true, completed_at });
  const tasks = [
    done("morning", "2026-12-29T08:00:00.000Z"),
    done("after midnight in Berlin", "2026-12-29T23:30:00.000Z"),
    done("evening", "2026-12-29T19:00:00.000Z"),
    task("open"),
  ];
  expect(shown(doneSections(tasks, TODAY, "en-GB", "Europe/Berlin"))).toEqual([
    ["Today · Wednesday 30 December", ["after midnight in Berlin"]],
    ["Yesterday · Tuesday 29 December", ["evening", "morning"]],
  ]);
});
