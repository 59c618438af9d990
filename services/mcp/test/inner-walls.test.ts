import { recordStatements, unscoped } from "@taskassistant/db/testing";
import { createLogger } from "@taskassistant/kit/process";
import { TaskNotFoundError, tasksFor } from "@taskassistant/tasks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callTool } from "../src/tools/call-tool.ts";
import { NothingChangedError } from "../src/tools/nothing-changed.ts";
import { findTool } from "../src/tools/registry.ts";
import { calls } from "./fixtures.ts";
import { type Harness, type Replica, startHarness } from "./harness.ts";

let harness: Harness;
let replica: Replica;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
});
afterAll(() => harness.close());

it("a call that skips the scope check of the HTTP layer is refused and audited, and does nothing", async () => {
  const scopes = new Set(["tasks:read"]);
  const caller = {
    userId: harness.ana,
    actor: undefined,
    clientId: "claude",
    scopes,
    jti: "j",
    requestId: "r",
    audited: 0,
  };
  const tool = findTool("add_task");
  if (tool === undefined) throw new Error("no such tool");
  const log = createLogger({ name: "test", level: "silent" });
  const result = await callTool({ db: replica.db, log }, { tool, arguments: { title: "Planted" }, caller });
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("tasks:write") }] });
  expect(await harness.tasks()).toEqual([]);
  expect((await harness.audit()).at(-1)).toMatchObject({
    action: "add_task",
    outcome: "refused",
    reason: "insufficient_scope",
  });
});

it.each(calls)(
  "%s takes no user from its arguments, even when they were not compared with the token",
  async (name, input) => {
    const tool = findTool(name);
    if (tool === undefined) throw new Error("no such tool");
    const tasks = tasksFor(replica.db, harness.ana);
    for (const key of ["user_id", "userId", "sub"]) {
      await expect(tool.parseAndRun(tasks, { ...input(), [key]: harness.ben })).rejects.toThrow(/unrecognized/i);
    }
    expect((await harness.tasks()).filter((task) => task.user_id === harness.ben)).toEqual([]);
  },
);

it.each(calls)("every statement of %s names the user", async (name, input) => {
  const tool = findTool(name);
  const recorded = recordStatements();
  try {
    await tool?.parseAndRun(tasksFor(replica.db, harness.ana), input()).catch((error) => {
      if (!(error instanceof TaskNotFoundError || error instanceof NothingChangedError)) throw error;
    });
  } finally {
    recorded.stop();
  }
  expect(recorded.statements).not.toEqual([]);
  expect(recorded.statements.flatMap((statement) => unscoped(statement) ?? [])).toEqual([]);
});
