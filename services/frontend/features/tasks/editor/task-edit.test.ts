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

test("project and tags are sent when they differ; an empty field empties them", () => {
  const edit = editOf(opened);
  expect(patchOf(opened, { ...edit, project: " Work ", tags: "calls, ,later " })).toEqual({
    project: "Work",
    tags: ["calls", "later"],
  });
  const named = { ...opened, project: "Work", tags: ["calls", "later"] };
  expect(patchOf(named, { ...editOf(named), project: "Work ", tags: "calls,later," })).toBeNull();
  expect(patchOf(named, { ...editOf(named), project: "", tags: "" })).toEqual({ project: null, tags: [] });
});

test("a time and a rule are meant where the person is, and go with the day", () => {
  const edit = editOf(opened);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(patchOf(opened, { ...edit, due_time: "17:00" })).toEqual({ due_time: "17:00", due_zone: here });
  expect(patchOf(opened, { ...edit, repeat: "FREQ=DAILY", priority: "1" })).toEqual({
    repeat: "FREQ=DAILY",
    due_zone: here,
    priority: 1,
  });
  const timed = { ...opened, due_time: "17:00", due_zone: "Asia/Tokyo", repeat: "FREQ=DAILY" };
  expect(patchOf(timed, { ...editOf(timed), due_time: "18:00" })).toEqual({ due_time: "18:00" });
  expect(patchOf(timed, { ...editOf(timed), due_time: "" })).toEqual({ due_time: null });
  const without = patchOf(timed, { ...editOf(timed), due: "", due_time: "", repeat: "" });
  expect(without).toEqual({ due: null });
  // Taken back, everything is as it was.
  const cleared = { ...timed, due: null, due_time: null, due_zone: null, repeat: null };
  expect(patchOf(cleared, editOf(timed))).toEqual({
    due: "2026-11-23",
    due_time: "17:00",
    due_zone: "Asia/Tokyo",
    repeat: "FREQ=DAILY",
  });
});

test("after a change elsewhere the person's edits stay and the other fields are new", () => {
  const now = { ...opened, title: "Buy bread", due: null, notes: "from the corner", version: 2 };
  const typed = { ...editOf(opened), notes: "two litres" };
  const edit = rebased(editOf(opened), typed, editOf(now));
  expect(edit).toEqual({ ...editOf(now), notes: "two litres" });
  expect(patchOf(now, edit)).toEqual({ notes: "two litres" });
});
