import type { TrashPage } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { taskFixture } from "../task-fixture.ts";
import { readTrash } from "./trash-pages.ts";

const task = (id: string) => ({ ...taskFixture({ id }), deleted_at: "2026-11-22T08:00:00.000Z" });
const PAGES: Record<string, TrashPage> = {
  "": { tasks: [task("a"), task("b")], total: 5, next_cursor: "2" },
  "2": { tasks: [task("c"), task("d")], total: 5, next_cursor: "3" },
  "3": { tasks: [task("e")], total: 5, next_cursor: null },
};

test.each([
  [0, ["a", "b"], "2"],
  [2, ["a", "b"], "2"],
  [3, ["a", "b", "c", "d"], "3"],
  [9, ["a", "b", "c", "d", "e"], null],
])("a trash of which %d tasks are shown is read again as far", async (shown, ids, next) => {
  const read = await readTrash(async (cursor = "") => PAGES[cursor]!, shown);
  expect([read.tasks.map(({ id }) => id), read.next_cursor]).toEqual([ids, next]);
});
