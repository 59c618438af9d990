import { expect, test } from "vitest";
import { draftTask, newTaskSchema, patchedTask, taskSchema } from "./index.ts";

const AT = "2026-11-22T08:00:00.000Z";
const LATER = "2026-11-22T09:00:00.000Z";
const milk = draftTask("t_000000000000", { title: "Buy milk" }, AT);

test("a draft is a whole task with the defaults that the server gives a new one", () => {
  expect(taskSchema.parse(milk)).toEqual(milk);
  expect(milk).toMatchObject(newTaskSchema.parse({ title: "Buy milk" }));
});

test("a draft has the values that its creator gave, and an undefined one is no value", () => {
  const fields = { title: "Buy milk", due: "2026-11-23", notes: undefined };
  expect(draftTask(milk.id, fields, AT)).toEqual({ ...milk, due: "2026-11-23" });
});

test("a patch changes only the fields it has", () => {
  expect(patchedTask(milk, { title: "Buy bread", notes: undefined }, LATER)).toEqual({ ...milk, title: "Buy bread" });
  expect(patchedTask({ ...milk, due: "2026-11-23" }, { due: null }, LATER)).toEqual(milk);
});

test("a patch completes a task once and opens it again", () => {
  const done = patchedTask(milk, { done: true }, AT);
  expect(done).toEqual({ ...milk, done: true, completed_at: AT });
  expect(patchedTask(done, { done: true }, LATER)).toEqual(done);
  expect(patchedTask(done, { done: false }, LATER)).toEqual(milk);
});
