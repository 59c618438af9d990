import { createLogger } from "@taskassistant/kit";
import { tasksFor } from "@taskassistant/tasks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callTool } from "../src/tools/call-tool.ts";
import { findTool } from "../src/tools/registry.ts";
import { createWorld, type Replica, type World } from "./harness.ts";

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

it.each(["list_tasks", "add_task", "update_task", "complete_task", "delete_task"])(
  "%s takes no user from its arguments, even where nobody compared them with the token",
  async (name) => {
    const tool = findTool(name);
    if (tool === undefined) throw new Error("no such tool");
    const tasks = tasksFor(replica.db, world.ana);
    for (const key of ["user_id", "userId", "sub"]) {
      await expect(tool.runUnchecked(tasks, { ...validInput(name), [key]: world.ben })).rejects.toThrow(
        /unrecognized/i,
      );
    }
    expect((await world.tasks()).filter((task) => task.user_id === world.ben)).toEqual([]);
  },
);

function validInput(name: string): Record<string, unknown> {
  if (name === "list_tasks") return {};
  if (name === "add_task") return { title: "Planted" };
  return name === "update_task" ? { task_id: "t_000000000000", title: "x" } : { task_ids: ["t_000000000000"] };
}
