import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { call, say } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { playing, toolCall } from "./harness/model-scripts.ts";

/** One wall of the identity chain is broken in each test; the next one must hold. */
let h: Harness;
let anna: TestUser;
let victim: TestUser;

beforeAll(async () => {
  h = await startHarness();
  [anna, victim] = await Promise.all([h.user("anna"), h.user("victim")]);
  await call(h, victim, "POST", `/api/${victim.id}/tasks`, { body: { title: "the victim's task" } });
});
afterAll(() => h.close());
beforeEach(async () => {
  h.model.reset();
  h.mcp.reset();
  h.exchange.mcpSubject = (sub) => sub;
  await runSql(h.database.adminUrl, "delete from app.audit");
});

/** What the MCP server publishes, changed before the API sees it. */
const publishing = (change: (schema: { properties: Record<string, object> }) => void) => {
  const real = h.mcp.fetch;
  h.mcp.fetch = async (request) => {
    const response = await real(request);
    const body = JSON.parse(await response.text());
    for (const tool of body.result?.tools ?? []) change(tool.inputSchema);
    return Response.json(body);
  };
};

/** Tries a read and a change: both are refused for the reason, and nothing is read or written. */
async function refused(args: Record<string, unknown>, reason: string): Promise<void> {
  const rows = async () => (await runSql(h.database.adminUrl, "select to_jsonb(t) as row from app.task t")).rows;
  const before = await rows();
  h.model.respond = playing([toolCall("list_tasks", args), toolCall("add_task", { title: "planted", ...args })]);
  const { message } = await say(h, anna, "go");
  expect(message.parts.filter((part) => part.type === "dynamic-tool")).toMatchObject([
    { state: "output-error", errorText: expect.stringContaining("nothing was done") },
    { state: "output-error", errorText: expect.stringContaining("nothing was done") },
  ]);
  expect(await rows()).toEqual(before);
  expect(JSON.stringify([message, h.model.journal])).not.toContain("the victim's task");
  const audit = await runSql(h.database.adminUrl, "select action, outcome, reason from app.audit order by id");
  expect(audit.rows).toEqual(["list_tasks", "add_task"].map((action) => ({ action, outcome: "refused", reason })));
}

test("the MCP server refuses a call when the exchange returns another user's token", async () => {
  h.exchange.mcpSubject = () => victim.id;
  await refused({}, "user_id_mismatch");
});

test("the MCP server refuses a call that names no user, even with a valid token", async () => {
  publishing((schema) => delete schema.properties.user_id);
  await refused({}, "user_id_missing");
});

test("the MCP server refuses a foreign user that the model named", async () => {
  publishing((schema) => {
    schema.properties.user_id = { type: "string" };
  });
  await refused({ user_id: victim.id }, "user_id_mismatch");
});
