import type { Task } from "@taskassistant/contracts";
import { addDays, localDateIn } from "@taskassistant/dates";
import { afterEach, expect, test, vi } from "vitest";
import type { Api, ListedTasks, TaskFilter } from "../../../lib/api.ts";
import { taskFixture } from "../task-fixture.ts";
import { createTaskLoader } from "./task-loader.ts";

/** Lists `tasks` as the API does: in pages, each with an entity tag of its content. */
function listOf(tasks: Task[]) {
  const asked: TaskFilter[] = [];
  let unchanged = 0;
  const listTasks: Api["listTasks"] = async (_userId, filter, known): Promise<ListedTasks> => {
    asked.push(filter);
    const from = Number(filter.cursor ?? 0);
    const matching = tasks.filter(({ done }) => done === (filter.status === "done"));
    const shown = matching.slice(from, from + filter.limit);
    const next = from + filter.limit < matching.length ? String(from + filter.limit) : null;
    const page = { tasks: shown.map((task) => ({ ...task })), total: matching.length, next_cursor: next };
    const etag = JSON.stringify(page);
    if (known?.etag !== etag) return { page, etag };
    unchanged++;
    return known;
  };
  return { api: { listTasks }, asked, unchanged: () => unchanged };
}

const task = (id: number, fields: Partial<Task> = {}) => taskFixture({ id: `t_${id}`, title: `task ${id}`, ...fields });
const many = (amount: number) => Array.from({ length: amount }, (_, id) => task(id));

afterEach(() => void vi.unstubAllEnvs());

test("tasks that don't change are not sent again, and the result is the same object", async () => {
  const server = listOf(many(250));
  const load = createTaskLoader({ api: server.api, userId: "u" });
  const first = await load(false);
  expect([first.open.length, first.openTotal, server.unchanged()]).toEqual([250, 250, 0]);
  expect(await load(false)).toBe(first);
  expect(await load(true)).toBe(first);
  expect(server.unchanged()).toBe(3 + 4);
});

test("a change on a later page is noticed, and the tasks of the other pages stay the same objects", async () => {
  const tasks = many(150);
  const server = listOf(tasks);
  const load = createTaskLoader({ api: server.api, userId: "u" });
  const first = await load(false);
  tasks[149] = task(149, { title: "changed", version: 2 });
  const second = await load(false);
  expect(second.open[149]?.title).toBe("changed");
  expect(second.open[0]).toBe(first.open[0]);
});

test.each(["open", "done"] as const)(
  "when the %s tasks fail to load, the next try shows what was read before the failure",
  async (failing) => {
    const tasks = many(150);
    const server = listOf(tasks);
    let broken = false;
    const listTasks: Api["listTasks"] = async (...request) => {
      const { status, cursor } = request[1];
      // Of the open tasks the second page fails, after the first has shown the change.
      if (broken && status === failing && (status === "done" || cursor !== undefined)) throw new Error("502");
      return server.api.listTasks(...request);
    };
    const load = createTaskLoader({ api: { listTasks }, userId: "u" });
    const first = await load(true);
    tasks[0] = task(0, { title: "changed", version: 2 });
    broken = true;
    await expect(load(true)).rejects.toThrow("502");
    broken = false;
    const second = await load(true);
    expect(second.open[0]?.title).toBe("changed");
    expect([second.open.length, second.openTotal]).toEqual([first.open.length, first.openTotal]);
    expect(await load(true)).toBe(second);
  },
);

test("only ten pages are read, and the total still counts every task", async () => {
  const { open, openTotal } = await createTaskLoader({ api: listOf(many(1_030)).api, userId: "u" })(false);
  expect([open.length, openTotal]).toEqual([1_000, 1_030]);
});

test("a task that moves between two pages while they are read appears once", async () => {
  const tasks = many(150);
  const server = listOf(tasks);
  const { listTasks } = server.api;
  const moving: Api["listTasks"] = async (...request) => {
    const listed = await listTasks(...request);
    if (request[1].status === "open") tasks.unshift(tasks.splice(120, 1)[0] as Task);
    return listed;
  };
  const { open } = await createTaskLoader({ api: { listTasks: moving }, userId: "u" })(false);
  expect(new Set(open.map(({ id }) => id)).size).toBe(open.length);
});

test.each(["UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "Pacific/Pago_Pago"])(
  "the done tasks are those completed since the day began in %s",
  async (zone) => {
    vi.stubEnv("TZ", zone);
    const now = new Date("2026-11-22T10:30:00Z");
    const server = listOf([]);
    await createTaskLoader({ api: server.api, userId: "u", now: () => now })(true);
    const from = Date.parse(server.asked.at(-1)?.completed_from ?? "");
    const today = localDateIn(now, zone);
    expect([localDateIn(new Date(from), zone), localDateIn(new Date(from - 1), zone)]).toEqual([
      today,
      addDays(today, -1),
    ]);
  },
);

test("of a long list the front is asked for each time and the rest in turns, until something changes", async () => {
  const tasks = many(1_000);
  const server = listOf(tasks);
  const load = createTaskLoader({ api: server.api, userId: "u" });
  await load(true);
  const opensAsked = async (full = false) => {
    server.asked.length = 0;
    const { open } = await load(full);
    return { asked: server.asked.filter(({ status }) => status === "open").length, open };
  };
  expect((await opensAsked()).asked).toBe(5);
  tasks[999] = task(999, { title: "changed", version: 2 });
  const seen = new Set<string | undefined>();
  for (let round = 0; round < 6; round++) seen.add((await opensAsked()).open[999]?.title);
  expect([...seen].at(-1)).toBe("changed");
  expect((await opensAsked(true)).asked).toBe(10);
  tasks[0] = task(0, { title: "also changed", version: 2 });
  expect((await opensAsked()).asked).toBe(10);
});
