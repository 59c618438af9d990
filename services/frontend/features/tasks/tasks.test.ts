import type { Task } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { withPending } from "./store/overlay.ts";
import { changedIds, someLeft } from "./store/task-changes.ts";
import { taskFixture } from "./task-fixture.ts";
import { groupTasks, progressOf } from "./task-groups.ts";

const TODAY = "2026-11-22";

const task = (id: string, fields: Partial<Task> = {}) => taskFixture({ id, title: id, ...fields });

const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);

test("open tasks are grouped by due date, the earliest first", () => {
  const groups = groupTasks(
    [
      task("later", { due: "2026-12-24" }),
      task("tomorrow", { due: "2026-11-23" }),
      task("today", { due: TODAY }),
      task("late", { due: "2026-11-20" }),
      task("some day"),
    ],
    TODAY,
  );
  expect(ids(groups.overdue)).toEqual(["late"]);
  expect(ids(groups.today)).toEqual(["today"]);
  expect(ids(groups.upcoming)).toEqual(["tomorrow", "later"]);
  expect(ids(groups.noDate)).toEqual(["some day"]);
});

test("on a day, tasks with a time come first, then those that matter most", () => {
  const groups = groupTasks(
    [
      task("any", { due: TODAY, created_at: "2026-11-01T00:00:00.000Z" }),
      task("first", { due: TODAY, priority: 1 }),
      task("evening", { due: TODAY, due_time: "18:00" }),
      task("morning", { due: TODAY, due_time: "09:30" }),
    ],
    TODAY,
  );
  expect(ids(groups.today)).toEqual(["morning", "evening", "first", "any"]);
});

test("the done group shows only tasks completed on this day in the person's time zone", () => {
  const lateYesterdayInUtc = task("after midnight in Berlin", { done: true, completed_at: "2026-11-21T23:30:00.000Z" });
  const older = task("older", { done: true, completed_at: "2026-11-21T12:00:00.000Z" });
  expect(ids(groupTasks([lateYesterdayInUtc, older], TODAY, { timeZone: "Europe/Berlin" }).done)).toEqual([
    lateYesterdayInUtc.id,
  ]);
});

test("a task that was just completed keeps its place and counts as done", () => {
  const groups = groupTasks(
    [task("a", { due: TODAY, done: true, completed_at: "2026-11-22T10:00:00.000Z" }), task("b", { due: TODAY })],
    TODAY,
    { timeZone: "UTC", lingering: new Set(["a"]) },
  );
  expect([ids(groups.today), ids(groups.done)]).toEqual([["a", "b"], []]);
  expect(progressOf(groups)).toEqual({ done: 1, total: 2 });
});

test("progress counts the tasks due by today and those completed today", () => {
  const groups = groupTasks(
    [task("a", { due: TODAY }), task("b", { due: "2026-11-01" }), task("c", { due: "2027-01-01" })].concat(
      task("d", { done: true, completed_at: "2026-11-22T10:00:00.000Z" }),
    ),
    TODAY,
    { timeZone: "UTC" },
  );
  expect(progressOf(groups)).toEqual({ done: 1, total: 3 });
});

test("only new tasks and new versions count as changes", () => {
  expect(changedIds([task("same"), task("old")], [task("same"), task("old", { version: 2 }), task("new")])).toEqual([
    "old",
    "new",
  ]);
});

test("an open task that left the list is noticed, a missing done task is not", () => {
  expect(someLeft([task("a")], [])).toBe(true);
  expect(someLeft([task("a", { done: true })], [])).toBe(false);
});

test("unconfirmed changes are applied on top of the server's tasks and leave no trace once removed", () => {
  const server = [task("a"), task("b", { due: TODAY })];
  const at = "2026-11-22T10:00:00.000Z";
  const shown = withPending(server, [
    { kind: "patch", id: "a", patch: { done: true }, at },
    { kind: "patch", id: "b", patch: { due: null, title: "bee" }, at },
    { kind: "add", id: "local", input: { title: "c" }, at },
    { kind: "remove", id: "b" },
  ]);
  expect(shown).toMatchObject([
    { id: "a", done: true, completed_at: at },
    { id: "local", title: "c", due: null },
  ]);
  expect(withPending(server, [])).toEqual(server);
});
