import type { Task } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { editOf, patchOf, rebased } from "./task-edit.ts";

const at = "2026-11-22T08:00:00.000Z";
const opened: Task = {
  id: "t_000000000000",
  title: "Buy milk",
  notes: "",
  done: false,
  due: "2026-11-23",
  version: 1,
  created_at: at,
  updated_at: at,
  completed_at: null,
};

test("only changed fields are sent", () => {
  const edit = editOf(opened);
  expect(patchOf(opened, edit)).toBeNull();
  expect(patchOf(opened, { ...edit, title: " Buy milk " })).toBeNull();
  expect(patchOf(opened, { ...edit, title: "Buy oat milk" })).toEqual({ title: "Buy oat milk" });
  expect(patchOf(opened, { ...edit, due: "", notes: "two litres" })).toEqual({ due: null, notes: "two litres" });
});

test("after a change elsewhere the person's edits stay and the other fields are new", () => {
  const now: Task = { ...opened, title: "Buy bread", due: null, notes: "from the corner", version: 2 };
  const typed = { ...editOf(opened), notes: "two litres" };
  const edit = rebased(opened, typed, now);
  expect(edit).toEqual({ title: "Buy bread", due: "", notes: "two litres" });
  expect(patchOf(now, edit)).toEqual({ notes: "two litres" });
});
