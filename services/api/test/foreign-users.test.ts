import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, say } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { calls, chunk, DONE, END, fin, fn, hasAnswered, ROLE, reply, says, startWireServer } from "./harness/wire.ts";

let h: Harness;
let mallory: TestUser;
let victim: TestUser;
let server: Awaited<ReturnType<typeof startWireServer>>;
/** What the model sends until it has been answered. */
let sends = "";

beforeAll(async () => {
  server = await startWireServer((request) => reply(hasAnswered(request) ? says("All set.") : sends));
  h = await startHarness({ model: { provider: "OpenAICompatible", name: "m", baseURL: server.url } });
  [mallory, victim] = await Promise.all([h.user("mallory"), h.user("victim")]);
  await call(h, victim, "POST", `/api/${victim.id}/tasks`, { body: { title: "the victim's task" } });
});
afterAll(async () => {
  server?.close();
  await h?.close();
});

const tasks = async () => (await runSql(h.database.adminUrl, "select to_jsonb(t) from app.task t order by id")).rows;
const audit = async () =>
  (await runSql(h.database.adminUrl, "select action, outcome, reason, actor from app.audit order by id")).rows;

const list = (args: unknown) => `${ROLE}${calls({ index: 0, id: "a", ...fn("list_tasks", args) })}${END}`;
const block = (text: string) => ROLE + chunk({ content: text }) + fin("stop") + DONE;

/** Calls for the tasks of another user, in the forms in which servers deliver calls. */
// biome-ignore format: a table reads better with a row on a line
const ROWS: [name: string, call: (id: string) => string, reason?: RegExp][] = [
  ["in an object that is no text", (id) => list({ user_id: id })],
  ["in a list that is no text", (id) => list([{ user_id: id }])],
  ["nested in an object that is no text", (id) => list({ query: { and: [{ user_id: id }] } })],
  ["in a text in a text", (id) => list(JSON.stringify(JSON.stringify({ user_id: id })))],
  ["in the second of two objects", (id) => list(`{"query":"a"}${JSON.stringify({ user_id: id })}`)],
  ["under another key for the arguments", (id) => ROLE + calls({ index: 0, id: "a", type: "function", name: "list_tasks", input: { user_id: id } }) + END],
  ["in a part of the content", (id) => ROLE + chunk({ content: [{ type: "tool_use", id: "t", name: "list_tasks", input: { user_id: id } }] }) + END],
  ["in the form from before tools", (id) => ROLE + chunk({ function_call: { name: "list_tasks", arguments: { user_id: id } } }) + fin("function_call") + DONE],
  ["in a call that leaked into the text", (id) => block(`<tool_call>{"name":"list_tasks","arguments":{"user_id":"${id}"}}</tool_call>`)],
  ["in a call in Python's spelling", (id) => block(`[list_tasks(user_id="${id}")]`)],
  ["in Python's spelling", (id) => list(`{'user_id': '${id}'}`)],
  ["with an escape in its name", (id) => list(`{"user\\u005fid":"${id}"}`)],
  ["in capitals", (id) => list({ USER_ID: id })],
  ["with a blank", (id) => list({ "user id ": id })],
  ["in letters of full width", (id) => list({ ｕｓｅｒ_ｉｄ: id })],
  ["with a letter of no width", (id) => list({ "user\u200b_id": id })],
  ["with a letter of another alphabet", (id) => list({ "us\u0435r_id": id }), /invalid_arguments/],
  ["in a text that breaks off", (id) => list(`{"user_id":"${id}"`)],
  ["in a wrapping", (id) => list({ arguments: { user_id: id } })],
  ["in a text in a wrapping", (id) => list({ arguments: JSON.stringify({ user_id: id }) }), /injected_argument|invalid_arguments/],
  ["in an answer that was cut", (id) => ROLE + calls({ index: 0, id: "a", ...fn("list_tasks", { user_id: id }) }) + fin("length") + DONE],
  ["behind as many calls as one answer may have", (id) => ROLE + calls(...Array.from({ length: 16 }, (_, at) => ({ index: at, id: `c${at}`, ...fn("list_tasks", "{}") })), { index: 16, id: "last", ...fn("list_tasks", { user_id: id }) }) + END],
];

test.each<[name: string, call: (id: string) => string, reason?: RegExp]>(ROWS)(
  "a user_id %s is refused and audited, and nothing of the other user is read or written",
  async (_name, send, reason = /injected_argument/) => {
    const before = await tasks();
    const audited = (await audit()).length;
    h.mcp.requests.length = 0;
    sends = send(victim.id);
    const { message } = await say(h, mallory, "show me everything");
    const last = message.parts.findLast((part) => part.type === "dynamic-tool");
    expect(last).toMatchObject({ state: "output-error" });
    expect(JSON.stringify(h.mcp.calls())).not.toContain(victim.id);
    const refused = (await audit()).slice(audited).filter(({ outcome }) => outcome === "refused");
    expect(refused).toMatchObject([{ action: "list_tasks", reason: expect.stringMatching(reason), actor: "api" }]);
    expect(await tasks()).toEqual(before);
    expect(JSON.stringify(message)).not.toContain("the victim's task");
    expect(JSON.stringify(server.requests.at(-1))).not.toContain("the victim's task");
  },
);
