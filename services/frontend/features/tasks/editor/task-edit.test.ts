import { expect, test } from "vitest";
import { taskFixture } from "../task-fixture.ts";
import { editOf, patchOf, rebased } from "./task-edit.ts";

const opened = taskFixture({ due: "2026-11-23" });

test("only changed fields are sent", () => {
  const edit = editOf(opened);
  expect(patchOf(opened, edit)).toBeNull();
  expect(patchOf(opened, { ...edit, title: " Buy milk " })).toBeNull();
  expect(patchOf(opened, { ...edit, title: "Buy oat milk" })).toEqual({ title: "Buy oat milk" });
  expect(patchOf(opened, { ...edit, due: "", notes: "two litres" })).toEqual({ due: null, notes: "two litres" });
});

test("after a change elsewhere the person's edits stay and the other fields are new", () => {
  const now = { ...opened, title: "Buy bread", due: null, notes: "from the corner", version: 2 };
  const typed = { ...editOf(opened), notes: "two litres" };
  const edit = rebased(opened, typed, now);
  expect(edit).toEqual({ title: "Buy bread", due: "", notes: "two litres" });
  expect(patchOf(now, edit)).toEqual({ notes: "two litres" });
});
