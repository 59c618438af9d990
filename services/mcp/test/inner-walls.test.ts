import { setImmediate } from "node:timers/promises";
import { recordStatements, unscoped } from "@taskassistant/db/testing";
import { createResponseBudget, createResponseRoom } from "@taskassistant/kit/guard";
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

const log = createLogger({ name: "test", level: "silent" });

/** A call of add_task by a client that Ana authorised directly. */
function callBy(scopes: readonly string[], title: string): Parameters<typeof callTool>[1] {
  const tool = findTool("add_task");
  if (tool === undefined) throw new Error("no such tool");
  const token = { clientId: "claude", actor: undefined, scopes: new Set(scopes), jti: "j", requestId: "r" };
  return {
    tool,
    arguments: { title },
    caller: { userId: harness.ana, ...token, audited: 0, room: createResponseRoom(createResponseBudget(), "nobody") },
  };
}

it("a call that skips the scope check of the HTTP layer is refused and audited, and does nothing", async () => {
  const result = await callTool({ db: replica.db, log }, callBy(["tasks:read"], "Planted"));
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("tasks:write") }] });
  expect(await harness.tasks()).toEqual([]);
  expect((await harness.audit()).at(-1)).toMatchObject({
    action: "add_task",
    outcome: "refused",
    reason: "insufficient_scope",
  });
});

it.each([
  ["allowed", ["tasks:write"], "Buy milk"],
  ["refused", ["tasks:read"], "Buy milk"],
  ["failed", ["tasks:write"], ""],
])("a call that is %s is answered only when its audit row is stored", async (outcome, scopes, title) => {
  const asked = Promise.withResolvers<string>();
  const stored = Promise.withResolvers<void>();
  const db: Parameters<typeof callTool>[0]["db"] = {
    asUser: replica.db.asUser,
    appendAudit: (entry) => {
      asked.resolve(entry.outcome);
      return stored.promise;
    },
  };
  let isAnswered = false;
  const answer = callTool({ db, log }, callBy(scopes, title)).finally(() => {
    isAnswered = true;
  });
  expect(await asked.promise).toBe(outcome);
  await setImmediate();
  expect(isAnswered).toBe(false);
  stored.resolve();
  await answer;
  await harness.clear();
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
