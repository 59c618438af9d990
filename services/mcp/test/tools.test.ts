import { randomUUID } from "node:crypto";
import { IDEMPOTENCY_KEY, taskPageSchema, taskSchema } from "@taskassistant/contracts";
import { runSql, withParts } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, ERAS, type Harness, type Replica, startHarness } from "./harness.ts";

let harness: Harness;
let replica: Replica;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

describe.each(ERAS)("the tools, %s era", (era) => {
  const as =
    (user: () => string) =>
    (name: string, args: Record<string, unknown> = {}) =>
      call(replica.url, era, harness.token(user()), name, { ...args, user_id: user() });
  const ana = as(() => harness.ana);
  const ben = as(() => harness.ben);
  const taskOf = (answer: { structured: Record<string, unknown> | undefined }) =>
    taskSchema.parse(answer.structured?.task);

  it("a client that acts for a user makes a change once for its key, and another client's key is ignored", async () => {
    const meta = { [IDEMPOTENCY_KEY]: randomUUID() };
    const add = (token: string, args: object) => call(replica.url, era, token, "add_task", args, meta);
    const acting = { title: "milk", user_id: harness.ana };
    const first = await add(harness.token(harness.ana), acting);
    const again = await add(harness.token(harness.ana), acting);
    expect(taskOf(again)).toEqual(taskOf(first));
    await add(harness.externalToken(harness.ana), { title: "milk" });
    expect(await harness.tasks()).toHaveLength(2);
  });

  it("a repeated completion of a task that repeats leaves its next occurrence open", async () => {
    const said = { title: "plants", due: "2126-03-04", due_time: "18:00", due_zone: "Asia/Tokyo", priority: 1 };
    const task = taskOf(await ana("add_task", { ...said, repeat: "FREQ=DAILY;INTERVAL=3", repeat_from: "due" }));
    for (const _ of ["once", "again"]) await ana("complete_task", { task_ids: [task.id] });
    const page = taskPageSchema.parse((await ana("list_tasks", { priority: 1 })).structured);
    expect(page.tasks).toMatchObject([{ ...said, due: "2126-03-07", occurrence: 2 }]);
    const [next] = page.tasks;
    const once = await ana("update_task", { task_id: next!.id, clear_fields: ["repeat", "due_time"] });
    expect(taskOf(once)).toMatchObject({ due: "2126-03-07", due_time: null, repeat: null });
  });

  it("projects and tags are names: a new one is made, lists are filtered by them, and they can be emptied", async () => {
    const task = taskOf(await ana("add_task", { title: "report", project: "Work", tags: ["#calls", "later"] }));
    expect(task).toMatchObject({ project: "Work", tags: ["calls", "later"] });
    await ben("add_task", { title: "secret", project: "Work", tags: ["calls"] });
    for (const filter of [{ project: "work" }, { tag: "CALLS" }]) {
      const page = taskPageSchema.parse((await ana("list_tasks", filter)).structured);
      expect(page).toMatchObject({ tasks: [{ id: task.id }], total: 1 });
    }
    const changed = await ana("update_task", { task_id: task.id, tags: ["calls"], clear_fields: ["project"] });
    expect(taskOf(changed)).toMatchObject({ project: null, tags: ["calls"], version: 2 });
    const done = await ana("complete_task", { task_ids: [task.id] });
    expect(done.structured).toMatchObject({ tasks: [{ id: task.id, tags: ["calls"], priority: 4 }] });
    const wrong = await ana("add_task", { title: "x", tags: ["y".repeat(60)] });
    expect(wrong.text).toBe("tags.0: the name is longer than 50 characters");
  });

  it("a user can add, list, change, complete and delete a task", async () => {
    const added = await ana("add_task", { title: " Buy milk ", due: "2026-12-24", notes: "**oat**" });
    const task = taskOf(added);
    expect(task).toMatchObject({ title: "Buy milk", due: "2026-12-24", notes: "**oat**", done: false, version: 1 });

    const page = await ana("list_tasks");
    expect(taskPageSchema.parse(page.structured)).toEqual({ tasks: [task], total: 1, next_cursor: null });

    const changed = await ana("update_task", {
      task_id: task.id,
      title: "Buy oat milk",
      clear_fields: ["due"],
      expected_version: 1,
    });
    expect(taskOf(changed)).toMatchObject({ title: "Buy oat milk", due: null, notes: "**oat**", version: 2 });

    const completed = await ana("complete_task", { task_ids: [task.id] });
    expect(completed.structured).toMatchObject({ tasks: [{ id: task.id, done: true }], failures: [] });
    expect((await ana("list_tasks")).structured).toMatchObject({ total: 0 });
    expect((await ana("list_tasks", { status: "done", query: "OAT" })).structured).toMatchObject({ total: 1 });
    expect(taskOf(await ana("update_task", { task_id: task.id, done: false })).completed_at).toBeNull();

    const deleted = await ana("delete_task", { task_ids: [task.id, "t_000000000000"] });
    expect(deleted.structured).toMatchObject({ tasks: [{ id: task.id }], failures: [{ id: "t_000000000000" }] });
    expect((await ana("list_tasks", { status: "all" })).structured).toMatchObject({ total: 0 });
    expect(await harness.tasks()).toMatchObject([{ title: "Buy oat milk", deleted: true }]);
  });

  it("a long list comes in pages", async () => {
    for (const title of ["a", "b", "c"]) await ana("add_task", { title });
    const first = await ana("list_tasks", { limit: 2 });
    const second = await ana("list_tasks", { limit: 2, cursor: first.structured?.next_cursor });
    const titles = [first, second].flatMap((page) =>
      taskPageSchema.parse(page.structured).tasks.map((task) => task.title),
    );
    expect(titles).toEqual(["a", "b", "c"]);
  });

  it("no tool shows or changes a task of another user", async () => {
    const task = taskOf(await ana("add_task", { title: "Secret" }));
    expect((await ben("list_tasks", { status: "all" })).structured).toMatchObject({ total: 0 });
    const update = await ben("update_task", { task_id: task.id, title: "Mine" });
    expect(update).toMatchObject({ isError: true, text: `there is no task ${task.id}; list the tasks to find its id` });
    for (const name of ["complete_task", "delete_task"]) {
      const answer = await ben(name, { task_ids: [task.id] });
      expect(answer).toMatchObject({ isError: true, text: expect.stringContaining(`there is no task ${task.id}`) });
    }
    expect(await harness.tasks()).toEqual([{ user_id: harness.ana, title: "Secret", version: 1, deleted: false }]);
  });

  it.each([
    ["add_task", { title: "x", due: "2026-02-30" }, "due: '2026-02-30' is not a date; February 2026 has 28 days"],
    ["add_task", { title: "  " }, "title is empty; say what is to be done"],
    [
      "add_task",
      { title: "x", colour: "red" },
      "add_task has no argument 'colour'; it takes title, notes, due, due_time, due_zone, repeat, repeat_from, priority, project, tags",
    ],
    ["add_task", { title: "a\u0000b" }, "title: contains a NUL character (U+0000); remove it"],
    [
      "update_task",
      { task_id: "7", title: "x" },
      "task_id: a task id looks like t_7k2p9d4m1x0a; list the tasks to find it",
    ],
    [
      "update_task",
      { task_id: "t_000000000000" },
      "nothing to change; give a new title, due or another field, or name a field in clear_fields",
    ],
    [
      "update_task",
      { task_id: "t_000000000000", due: "2026-12-24", clear_fields: ["due"] },
      "clear_fields: a field has a new value and is in clear_fields as well; choose one",
    ],
    [
      "update_task",
      { task_id: "t_000000000000", clear_fields: ["title"] },
      "clear_fields.0: must be one of notes, due, due_time, repeat, project, tags",
    ],
    [
      "add_task",
      { title: "x", due: "2126-03-04", repeat: "FREQ=HOURLY" },
      "repeat: FREQ must be one of DAILY, WEEKLY, MONTHLY, YEARLY",
    ],
    [
      "add_task",
      { title: "x", due_time: "17:00" },
      "due is missing: a time, a time zone or a repetition needs a due day",
    ],
    ["add_task", {}, "title: missing"],
    [
      "list_tasks",
      { query: 7, status: "late", limit: "5", due_to: "soon" },
      "query: must be a text, not a number; status: must be one of open, done, all; due_to: 'soon' is not a date; write it as YYYY-MM-DD; limit: must be a number, not a text",
    ],
    ["list_tasks", { limit: 101 }, "limit: must be at most 100"],
    ["list_tasks", { limit: 1.5 }, "limit: must be a whole number, not a number"],
    [
      "update_task",
      { task_id: null, done: "yes" },
      "task_id: must be a text, not null; done: must be true or false, not a text",
    ],
    ["complete_task", { task_ids: "t_000000000000" }, "task_ids: must be a list, not a text"],
    [
      "complete_task",
      { task_ids: [7, null] },
      "task_ids.0: must be a text, not a number; task_ids.1: must be a text, not null",
    ],
    ["complete_task", { task_ids: [] }, "task_ids is empty; name at least one task"],
    [
      "delete_task",
      { task_ids: Array(26).fill("t_000000000000") },
      "task_ids: too many ids; send at most 25 in one call",
    ],
    ["list_tasks", { cursor: "made-up" }, "the cursor is not one of this list; start again without a cursor"],
  ])("an error explains what is wrong: %s %j", async (name, args, text) => {
    expect(await ana(name, args)).toEqual({ status: 200, isError: true, text, structured: undefined });
    expect(await harness.tasks()).toEqual([]);
    expect(await harness.audit()).toMatchObject([{ action: name, outcome: "failed", reason: "invalid_arguments" }]);
  });

  it("a text says all that the structured content says", async () => {
    const { text, structured } = await ana("add_task", { title: "Buy milk", notes: "**oat**" });
    expect(JSON.parse(text)).toEqual(structured);
    for (const title of ["a", "b"]) await ana("add_task", { title });
    const page = await ana("list_tasks", { limit: 2 });
    expect(JSON.parse(page.text)).toEqual(page.structured);
    const next = await ana("list_tasks", { limit: 2, cursor: JSON.parse(page.text).next_cursor });
    expect(JSON.parse(next.text)).toMatchObject({ total: 3, next_cursor: null });
    const { task } = JSON.parse(text);
    const changed = await ana("update_task", { task_id: task.id, expected_version: task.version, notes: "soy" });
    expect(JSON.parse(changed.text)).toMatchObject({ task: { notes: "soy", version: 2 } });
    const bulk = await ana("complete_task", { task_ids: [task.id, "t_000000000000"] });
    expect(JSON.parse(bulk.text)).toMatchObject({ tasks: [{ done: true }], failures: [{ id: "t_000000000000" }] });
  });

  it("a bulk call in which every id fails is an error that names each", async () => {
    const missing = ["t_000000000000", "t_000000000001"];
    for (const name of ["complete_task", "delete_task"]) {
      const answer = await ana(name, { task_ids: missing });
      expect(answer).toMatchObject({ isError: true, structured: undefined });
      expect(answer.text).toMatch(/^Nothing was changed: /);
      for (const id of missing) expect(answer.text).toContain(id);
    }
    expect(await harness.audit()).toMatchObject([
      { outcome: "failed", reason: "not_found" },
      { outcome: "failed", reason: "not_found" },
    ]);
  });

  it("an update reports that the task was changed in the meantime", async () => {
    const task = taskOf(await ana("add_task", { title: "x" }));
    await ana("update_task", { task_id: task.id, title: "y" });
    const late = await ana("update_task", { task_id: task.id, title: "z", expected_version: 1 });
    expect(late.isError).toBe(true);
    expect(late.text).toContain(`task ${task.id} was changed meanwhile (it is at version 2)`);
    expect((await harness.audit()).at(-1)).toMatchObject({ outcome: "failed", reason: "version_conflict" });
  });

  it("a deleted task is found in the trash and restored, and emptying the trash leaves what was just deleted", async () => {
    const task = taskOf(await ana("add_task", { title: "bread" }));
    await ana("delete_task", { task_ids: [task.id] });
    expect((await ana("list_trash")).structured).toMatchObject({ tasks: [{ id: task.id }], total: 1 });
    expect((await ben("list_trash")).structured).toMatchObject({ tasks: [], total: 0 });
    expect(await ben("restore_task", { task_ids: [task.id] })).toMatchObject({ isError: true });
    expect((await ana("restore_task", { task_ids: [task.id] })).structured).toMatchObject({ tasks: [{ id: task.id }] });

    await ana("delete_task", { task_ids: [task.id] });
    expect((await ana("empty_trash")).structured).toEqual({ deleted: 0, left: 1 });
    await runSql(harness.database.adminUrl, "update app.task set deleted_at = now() - interval '61 minutes'");
    expect((await ben("empty_trash")).structured).toEqual({ deleted: 0, left: 0 });
    expect((await ana("empty_trash")).structured).toEqual({ deleted: 1, left: 0 });
  });

  it("a call of an unknown tool gets an error and is audited", async () => {
    for (const name of ["drop_tables", "__proto__", "constructor"]) {
      const answer = await ana(name);
      expect(answer.error).toEqual({ code: -32602, message: `There is no tool ${name}` });
    }
    expect(await harness.audit()).toMatchObject([
      { action: "drop_tables", outcome: "refused", reason: "unknown_tool" },
      { action: "__proto__" },
      { action: "constructor" },
    ]);
  });

  it("each call stores an audit row", async () => {
    await ana("add_task", { title: "x" });
    await ben("list_tasks");
    expect(await harness.audit()).toEqual([
      { action: "add_task", outcome: "allowed", reason: null, actor: "api", client_id: "api" },
      { action: "list_tasks", outcome: "allowed", reason: null, actor: "api", client_id: "api" },
    ]);
  });
});

describe("the database", () => {
  it("a lost database is a tool error without details, and is logged as an error", async () => {
    const broken = await harness.replica({ databaseUrl: withParts(harness.database.appUrl, { password: "changed" }) });
    const answer = await call(broken.url, "modern", harness.token(harness.ana), "list_tasks", { user_id: harness.ana });
    expect(answer).toMatchObject({ status: 200, isError: true });
    expect(answer.text).toBe("The tasks can't be reached at the moment. Try again in a moment.");
    expect(harness.logs.join("")).toContain("tool call failed");
    expect(harness.logs.join("")).toContain("audit entry not stored");
    expect(harness.logs.join("")).not.toContain(harness.database.passwords.app);
  });
});

it("a token that outlives its account can't add a task", async () => {
  const gone = "G".repeat(32);
  const answer = await call(replica.url, "modern", harness.token(gone), "add_task", { title: "x", user_id: gone });
  expect(answer).toMatchObject({ isError: true, text: "This account does not exist any more." });
  expect(await harness.tasks()).toEqual([]);
});
