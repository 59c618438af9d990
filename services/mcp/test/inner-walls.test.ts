import { createLogger } from "@taskassistant/kit";
import { tasksFor } from "@taskassistant/tasks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callTool } from "../src/tools/call-tool.ts";
import { findTool } from "../src/tools/registry.ts";
import { createWorld, type Replica, type World } from "./harness.ts";
import { calls } from "./sample-calls.ts";

let world: World;
let replica: Replica;
beforeAll(async () => {
  world = await createWorld();
  replica = await world.replica();
});
afterAll(() => world.close());

it("a tool asked past the HTTP layer's look at the scope is refused all the same, audited, and does nothing", async () => {
  const scopes = new Set(["tasks:read"]);
  const caller = { userId: world.ana, actor: undefined, clientId: "claude", scopes, jti: "j", requestId: "r" };
  const tool = findTool("add_task");
  if (tool === undefined) throw new Error("no such tool");
  const log = createLogger({ name: "test", level: "silent" });
  const result = await callTool({ db: replica.db, log }, { tool, arguments: { title: "Planted" }, caller });
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("tasks:write") }] });
  expect(await world.tasks()).toEqual([]);
  expect((await world.audit()).at(-1)).toMatchObject({
    action: "add_task",
    outcome: "refused",
    reason: "insufficient_scope",
  });
});

it.each(calls)(
  "%s takes no user from its arguments, even where nobody compared them with the token",
  async (name, input) => {
    const tool = findTool(name);
    if (tool === undefined) throw new Error("no such tool");
    const tasks = tasksFor(replica.db, world.ana);
    for (const key of ["user_id", "userId", "sub"]) {
      await expect(tool.parseAndRun(tasks, { ...input(), [key]: world.ben })).rejects.toThrow(/unrecognized/i);
    }
    expect((await world.tasks()).filter((task) => task.user_id === world.ben)).toEqual([]);
  },
);
