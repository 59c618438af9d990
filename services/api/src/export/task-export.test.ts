import type { Task } from "@taskassistant/contracts";
import { createBudget } from "@taskassistant/kit/guard";
import { expect, test, vi } from "vitest";
import { exportTasks, FORMATS } from "./index.ts";

/** `count` tasks of 10,000 bytes each. */
function library(count: number) {
  const several = vi.fn(async (ids: readonly string[]) =>
    ids.map((id) => ({ id, notes: "n".repeat(10_000) }) as unknown as Task),
  );
  return { ids: async () => Array.from({ length: count }, (_, n) => `t_${n}`), several };
}

const options = (source: ReturnType<typeof library>, budget = createBudget({ bytes: 600_000, holdMs: 60_000 })) => ({
  format: FORMATS.json,
  source,
  budget,
  at: new Date(0),
  owner: "anna",
});

const idsIn = (text: string) => (JSON.parse(text) as { tasks: Task[] }).tasks.map(({ id }) => id);

test("a file has all tasks in order, and one part of it is in memory at a time", async () => {
  const source = library(60);
  const given = options(source);
  const file = await exportTasks(given);
  const reader = file?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  await new Promise((done) => setTimeout(done, 20));
  expect(source.several.mock.calls.length).toBeLessThanOrEqual(2);
  expect(given.budget.taken()).toBeLessThan(300_000);
  let text = first?.value ?? "";
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value;
  expect(idsIn(text)).toEqual(await source.ids());
  expect(given.budget.taken()).toBe(0);
});

test("a file that finds no room does not begin", async () => {
  const given = options(library(60), createBudget({ bytes: 600_000, bytesPerOwner: 400_000, holdMs: 60_000 }));
  const unread = await exportTasks(given);
  expect(await exportTasks(given)).toBeUndefined();
  expect(await exportTasks({ ...given, owner: "ben" })).toBeDefined();
  await unread?.cancel();
  expect(await exportTasks(given)).toBeDefined();
});

test("a part that finds no room waits for it", async () => {
  const given = options(library(30));
  const reader = (await exportTasks(given))?.getReader();
  const giveBack = given.budget.take("ben", 340_000, () => {});
  await reader?.read();
  const late = setTimeout(() => giveBack?.(), 600);
  expect((await reader?.read())?.done).toBe(false);
  expect((await reader?.read())?.done).toBe(true);
  clearTimeout(late);
});

test("a reader who leaves while a part is made holds no room", async () => {
  const given = options(library(60));
  const reader = (await exportTasks(given))?.getReader();
  await reader?.read();
  const part = Promise.withResolvers<Task[]>();
  given.source.several.mockReturnValueOnce(part.promise);
  void reader?.read();
  await reader?.cancel();
  part.resolve([{ notes: "n".repeat(10_000) } as unknown as Task]);
  await new Promise((done) => setTimeout(done, 20));
  expect(given.budget.taken()).toBe(0);
});

test("a failure breaks the file off", async () => {
  const source = library(30);
  const file = await exportTasks(options(source));
  source.several.mockRejectedValue(new Error("the database is gone"));
  await expect(new Response(file).text()).rejects.toThrow("the database is gone");
});
