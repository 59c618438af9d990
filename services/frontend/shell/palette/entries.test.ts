import { expect, test } from "vitest";
import { TASK_VIEWS } from "../../features/tasks/views/task-view.ts";
import { findEntries, type PaletteGroup, SHOWN_MAX, searchEntry } from "./entries.ts";

const group = (title: string, ...labels: string[]): PaletteGroup => ({
  title,
  entries: labels.map((label) => ({ id: label, label, run: () => {} })),
});
const labels = (groups: PaletteGroup[]) =>
  groups.map(({ title, entries }) => [title, entries.map(({ label }) => label)]);

test("every word must occur, in any order, whatever the case and the accents", () => {
  const groups = [group("Tasks", "Order crème brûlée", "Buy cream", "Order paper"), group("Chats", "What is due?")];
  expect(labels(findEntries(groups, "BRULEE order"))).toEqual([["Tasks", ["Order crème brûlée"]]]);
  expect(findEntries(groups, "nothing of the kind")).toEqual([]);
});

test("what begins with the typed text comes first, then what has a word that does", () => {
  const groups = [group("Tasks", "Unpack", "Then pack", "Pack"), group("Actions", "Undo")];
  expect(labels(findEntries(groups, "pack"))).toEqual([["Tasks", ["Pack", "Then pack", "Unpack"]]]);
});

test("no kind fills the list, and without text each kind shows its first", () => {
  const many = Array.from({ length: 50 }, (_, index) => `Task ${index}`);
  const [tasks, actions] = findEntries([group("Tasks", ...many), group("Actions", "Task list")], "");
  expect(tasks?.entries).toHaveLength(SHOWN_MAX);
  expect(actions?.entries).toHaveLength(1);
});

test("the entry that searches is another one than the view of searches", () => {
  expect(TASK_VIEWS).not.toContain(searchEntry("se", () => {}).id);
});
