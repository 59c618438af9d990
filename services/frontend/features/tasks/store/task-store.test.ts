import type { Task, TaskPatch } from "@taskassistant/contracts";
import { beforeEach, expect, test, vi } from "vitest";
import { createApi } from "../../../lib/api.ts";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { taskFixture } from "../task-fixture.ts";
import { AT_ONCE } from "./several.ts";
import { createTaskStore, LINGER_MS } from "./task-store.ts";

/** A small tasks API behind `fetch`, with entity tags and a switch to refuse. */
function fakeServer() {
  let tasks: Task[] = [];
  let trash: Task[] = [];
  let next = 1;
  const server = {
    requests: [] as string[],
    refuse: null as number | null,
    gate: null as Promise<void> | null,
    put(fields: Partial<Task>): Task {
      const task = taskFixture({ id: `t_${next++}`, ...fields });
      tasks = [...tasks.filter(({ id }) => id !== task.id), task];
      return task;
    },
    change(id: string, patch: TaskPatch): Task {
      const task = tasks.find((candidate) => candidate.id === id)!;
      const done = patch.done ?? task.done;
      const changed = { ...task, ...(patch as Partial<Task>) };
      return server.put({ ...changed, version: task.version + 1, completed_at: done ? task.updated_at : null });
    },
    drop(id: string) {
      trash = [...trash, ...tasks.filter((task) => task.id === id)];
      tasks = tasks.filter((task) => task.id !== id);
    },
    fetch: (async (input: RequestInfo | URL, init: RequestInit = {}) => {
      const url = new URL(String(input), "http://here");
      const method = init.method ?? "GET";
      server.requests.push(
        `${method} ${url.pathname.split("/").at(-1)} ${url.searchParams.get("status") ?? ""}`.trim(),
      );
      const listed = tasks.filter((task) => task.done === (url.searchParams.get("status") === "done"));
      const etag = `"${JSON.stringify(listed).length}-${listed.map(({ version }) => version).join()}"`;
      await server.gate;
      if (server.refuse !== null) return Response.json({ code: "unavailable", detail: "x" }, { status: server.refuse });
      const body = init.body === undefined ? {} : JSON.parse(String(init.body));
      const id = url.pathname.split("/").at(-1) ?? "";
      if (id === "restore") {
        const task = trash.find((candidate) => url.pathname.includes(candidate.id))!;
        return Response.json(server.put({ ...task, version: task.version + 1 }));
      }
      if (method === "POST") return Response.json(server.put(body as Partial<Task>), { status: 201 });
      if (method === "PATCH") return Response.json(server.change(id, body as TaskPatch));
      if (method === "DELETE") {
        server.drop(id);
        return new Response(null, { status: 204 });
      }
      if (new Headers(init.headers).get("if-none-match") === etag) return new Response(null, { status: 304 });
      return Response.json({ tasks: listed, total: listed.length, next_cursor: null }, { headers: { etag } });
    }) as typeof fetch,
  };
  return server;
}

let server: ReturnType<typeof fakeServer>;
let store: ReturnType<typeof createTaskStore>;
const titles = () => store.getSnapshot().tasks.map(({ title }) => title);

beforeEach(async () => {
  server = fakeServer();
  server.put({ title: "milk" });
  store = createTaskStore(createApi({ fetch: server.fetch }), "u");
  await store.refresh();
});

test("the store shows the server's tasks, and asks for the done ones only when a task left the open list", async () => {
  expect(titles()).toEqual(["milk"]);
  server.requests.length = 0;
  await store.refresh();
  expect(server.requests).toEqual(["GET tasks open"]);
  server.change("t_1", { done: true });
  await store.refresh();
  expect(server.requests).toEqual(["GET tasks open", "GET tasks open", "GET tasks done"]);
  expect(store.getSnapshot().tasks).toMatchObject([{ title: "milk", done: true }]);
});

test("nothing is drawn again while nothing changes", async () => {
  let drawn = 0;
  store.subscribe(() => drawn++);
  await store.refresh();
  await store.refresh(true);
  expect(drawn).toBe(0);
});

test("tasks that change elsewhere or through the assistant are marked, those already there are not", async () => {
  expect(store.getSnapshot().marks.size).toBe(0);
  server.put({ title: "bread" });
  server.put({ title: "salt" });
  store.noteAssistant(["t_3"]);
  await store.refresh();
  expect([...store.getSnapshot().marks]).toEqual([
    ["t_2", "elsewhere"],
    ["t_3", "assistant"],
  ]);
});

test("a change is shown before the server has answered and stays afterwards", async () => {
  const adding = store.add({ title: "bread" });
  expect(titles()).toEqual(["milk", "bread"]);
  await adding;
  await store.refresh();
  expect(titles()).toEqual(["milk", "bread"]);
});

test("a refused change is rolled back and reported", async () => {
  server.refuse = 503;
  const done = store.patch("t_1", { done: true });
  expect(store.getSnapshot().tasks).toMatchObject([{ done: true }]);
  await expect(done).rejects.toBeInstanceOf(ApiError);
  expect(store.getSnapshot().tasks).toMatchObject([{ done: false }]);
});

test("a task that was just completed is known for a second", async () => {
  vi.useFakeTimers();
  try {
    await store.patch("t_1", { done: true });
    expect([...store.getSnapshot().lingering]).toEqual(["t_1"]);
    vi.advanceTimersByTime(LINGER_MS);
    expect([...store.getSnapshot().lingering]).toEqual([]);
    await store.patch("t_1", { done: false });
    expect([...store.getSnapshot().lingering]).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

test("a response requested before our own change does not bring the old state back", async () => {
  let open: () => void = () => {};
  server.gate = new Promise((resolve) => {
    open = resolve;
  });
  const early = store.refresh();
  server.gate = null;
  const seen: string[][] = [];
  store.subscribe(() => seen.push(titles()));
  await store.remove("t_1");
  open();
  await early;
  expect(seen.every((shown) => shown.length === 0)).toBe(true);
});

test.each([{ done: false }, { done: true }])("a removed task is restored with all its fields: %o", async ({ done }) => {
  const lost = server.put({ title: "bread", notes: "rye", due: "2026-11-24", done });
  await store.refresh(true);
  await store.remove(lost.id);
  expect(titles()).toEqual(["milk"]);
  await store.restore(lost.id);
  await store.refresh(true);
  expect(store.getSnapshot().tasks).toMatchObject([
    { title: "milk" },
    { id: lost.id, title: "bread", notes: "rye", due: "2026-11-24", done },
  ]);
});

test("a failed refresh keeps the tasks and reports that they may be out of date", async () => {
  server.refuse = 503;
  await store.refresh();
  expect(store.getSnapshot()).toMatchObject({ status: "ready", stale: true, tasks: [{ title: "milk" }] });
  server.refuse = null;
  await store.refresh();
  expect(store.getSnapshot()).toMatchObject({ stale: false });
});

test("several tasks change at once; those the server refuses go back and the others stay", async () => {
  const server = fakeServer();
  const tasks = ["a", "b", "c"].map((title) => server.put({ title, due: "2026-11-01" }));
  const [a, b, c] = tasks.map(({ id }) => id) as [string, string, string];
  let tries = 0;
  const { fetch: answer } = server;
  const strict: typeof fetch = async (input, init) => {
    if (init?.method === "PATCH" && String(input).endsWith(b)) return Response.json({}, { status: 422 });
    if (init?.method === "PATCH" && String(input).endsWith(a) && ++tries === 1) {
      return Response.json({}, { status: 429, headers: { "retry-after": "0" } });
    }
    return answer(input, init);
  };
  const careful = createTaskStore(createApi({ fetch: strict }), "u");
  await careful.refresh(true);
  const changing = careful.changeSeveral(
    new Map([
      [a, { due: "2026-11-22" }],
      [b, { due: "2026-11-22" }],
      [c, null],
    ]),
  );
  const shown = () => careful.getSnapshot().tasks.map(({ title, due }) => [title, due]);
  expect(shown()).toEqual([
    ["a", "2026-11-22"],
    ["b", "2026-11-22"],
  ]);
  const { ids, refusal } = await changing;
  expect([[...ids].sort(), tries, (refusal as ApiError).status]).toEqual([[a, c], 2, 422]);
  expect(shown().sort()).toEqual([
    ["a", "2026-11-22"],
    ["b", "2026-11-01"],
  ]);
});

test("several tasks come back from the trash a few at a time, also when the server asks to wait", async () => {
  const server = fakeServer();
  const ids = Array.from({ length: 9 }, (_, index) => server.put({ title: `${index}` }).id);
  const { fetch: answer } = server;
  let under = 0;
  let most = 0;
  let waits = 3;
  const strict: typeof fetch = async (input, init) => {
    if (!String(input).endsWith("/restore")) return answer(input, init);
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 0));
    under--;
    if (--waits >= 0) return Response.json({}, { status: 429, headers: { "retry-after": "0" } });
    return String(input).includes(`${ids[4]}/`) ? Response.json({}, { status: 404 }) : answer(input, init);
  };
  const careful = createTaskStore(createApi({ fetch: strict }), "u");
  await careful.refresh(true);
  await careful.changeSeveral(new Map(ids.map((id) => [id, null])));
  const { ids: back, refusal } = await careful.restoreSeveral(ids);
  expect([back.length, (refusal as ApiError).status, most]).toEqual([8, 404, AT_ONCE]);
  expect(
    careful
      .getSnapshot()
      .tasks.map(({ id }) => id)
      .sort(),
  ).toEqual(ids.filter((id) => id !== ids[4]).sort());
});
