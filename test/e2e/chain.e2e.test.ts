import { API_CLIENT_ID, audienceOf, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { createUserId, forgeTokens } from "@taskassistant/kit/testing";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { bearer, type ChainHarness, NAME, NS, SECRET_TASK, startChain, tasksOf } from "./harness/chain.ts";
import { eventually } from "./harness/cluster/assistants.ts";
import { auditMark, auditSince, sql, userDataDigest } from "./harness/cluster/database.ts";
import { callTool, toolResult } from "./harness/people/mcp-client.ts";
import { type Answer, apiToken, request, signIn, signOut } from "./harness/people/people.ts";
import { grantRequest } from "./harness/people/tokens.ts";

/** The identity chain on the deployed product: whoever does not belong gets the right refusal and leaves no trace. */

let chain: ChainHarness;
let assistant: ChainHarness["assistant"];
let victim: ChainHarness["victim"];
let mallory: ChainHarness["mallory"];
let exchange: ChainHarness["exchange"];
let issuer: ChainHarness["issuer"];
let before: { data: string; audit: number };

beforeAll(async () => {
  chain = await startChain(inject("images")["model-demo"] ?? "");
  ({ assistant, victim, mallory, exchange, issuer } = chain);
}, 600_000);
afterAll(() => chain?.close(), 300_000);
beforeEach(async () => {
  before = { data: await userDataDigest(NS, NAME), audit: await auditMark(NS, NAME) };
});

/** All were answered with that status, showed nothing of the victim's and changed nothing of anybody's. */
async function expectRefused(answers: Answer[], status: number): Promise<void> {
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
  for (const { text } of answers) expect(text).not.toContain(SECRET_TASK);
  expect(await userDataDigest(NS, NAME)).toBe(before.data);
}

describe("without a token", () => {
  test("the API answers 401 as problem+json", async () => {
    const answers = await chain.knockAtApi(undefined);
    await expectRefused(answers, 401);
    expect(answers[0]?.headers.get("content-type")).toContain("application/problem+json");
    expect(answers[0]?.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("the MCP server answers 401 and says where to get one", async () => {
    const answers = await chain.knockAtMcp(undefined);
    await expectRefused(answers, 401);
    expect(answers[0]?.headers.get("www-authenticate")).toContain(
      `resource_metadata="${assistant.url}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  test("the frontend passes nothing on: neither without a session nor with a bearer instead of one", async () => {
    const token = await apiToken(assistant.url, victim);
    const plain = await request(tasksOf(assistant.url, victim.userId));
    const borrowed = await request(tasksOf(assistant.url, victim.userId), {
      headers: { authorization: bearer(token) },
    });
    await expectRefused([plain, borrowed], 401);
  });
});

describe("forged tokens, signed with the deployed key wherever the forgery leaves the choice", () => {
  test("one without a flaw is accepted by both: so the flaw is what the others are refused for", async () => {
    const claims = { sub: victim.userId };
    const listed = await request(tasksOf(chain.api, victim.userId), {
      headers: { authorization: bearer(issuer.sign("api", claims)) },
    });
    expect([listed.status, listed.text]).toEqual([200, expect.stringContaining(SECRET_TASK)]);
    const result = await callTool(chain.mcp, bearer(issuer.sign("mcp", claims)), "list_tasks", {
      user_id: victim.userId,
    });
    expect(toolResult(result)).toMatchObject({ isError: false, text: expect.stringContaining(SECRET_TASK) });
  });

  test("each is refused by the API with 401, and nothing is read or written", async () => {
    const forgeries = forgeTokens(issuer, "api", { sub: victim.userId });
    const names = forgeries.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["expired", "another audience", "foreign signature under our key id", "a good mcp token"]),
    );
    expect(names.filter((name) => name.startsWith("HS256 keyed by the public")).length).toBeGreaterThanOrEqual(4);
    const headers = (token: string) => ({ authorization: bearer(token), "content-type": "application/json" });
    const wrong: string[] = [];
    for (const { name, token } of forgeries) {
      const tasks = tasksOf(chain.api, victim.userId);
      const planted = JSON.stringify({ title: "Planted" });
      const read = await request(tasks, { headers: headers(token) });
      const write = await request(tasks, { method: "POST", headers: headers(token), body: planted });
      const refused = [read, write].every(({ status, text }) => status === 401 && !text.includes(SECRET_TASK));
      if (!refused) wrong.push(`${name}: ${read.status} ${write.status}`);
    }
    expect(wrong).toEqual([]);
    expect(await userDataDigest(NS, NAME)).toBe(before.data);
  }, 400_000);

  test("each is refused by the MCP server with 401, and nothing is read or written", async () => {
    const wrong: string[] = [];
    for (const { name, token } of forgeTokens(issuer, "mcp", { sub: victim.userId })) {
      const answer = await callTool(chain.mcp, bearer(token), "add_task", { user_id: victim.userId, title: "Planted" });
      if (answer.status !== 401) wrong.push(`${name}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(await userDataDigest(NS, NAME)).toBe(before.data);
    expect(await auditSince(NS, NAME, before.audit)).toEqual([]);
  }, 400_000);

  test("one of the exchange's own kind is refused by both services", async () => {
    const grant = bearer(issuer.sign("run-grant", { sub: victim.userId }));
    await expectRefused([...(await chain.knockAtApi(grant)), ...(await chain.knockAtMcp(grant))], 401);
  });
});

describe("real tokens in the wrong place", () => {
  test("the API's token is worth nothing at the MCP server", async () => {
    await expectRefused(await chain.knockAtMcp(bearer(await apiToken(assistant.url, victim))), 401);
    expect(await auditSince(NS, NAME, before.audit)).toEqual([]);
  });

  test("the MCP token is worth nothing at the API", async () => {
    const token = await exchange.mcpToken(await apiToken(assistant.url, victim));
    expect(decodeJwt(token)).toMatchObject({
      aud: audienceOf("mcp", assistant.url),
      sub: victim.userId,
      act: { sub: API_CLIENT_ID },
    });
    await expectRefused(await chain.knockAtApi(bearer(token)), 401);
    // It is a good one, in its place.
    const listed = toolResult(await callTool(chain.mcp, bearer(token), "list_tasks", { user_id: victim.userId }));
    expect(listed.text).toContain(SECRET_TASK);
  });

  test("the exchange gives nothing to a wrong client, and nothing for the wrong token", async () => {
    const token = await apiToken(assistant.url, mallory);
    const stranger = await exchange.post(grantRequest(token), `${API_CLIENT_ID}:not-the-secret-of-this-one`);
    expect([stranger.status, stranger.body]).toEqual([401, expect.objectContaining({ error: "invalid_client" })]);
    const shortcut = await exchange.post({
      subject_token: token,
      subject_token_type: TOKEN_EXCHANGE.runGrant,
      audience: audienceOf("mcp", assistant.url),
    });
    expect([shortcut.status, shortcut.body]).toEqual([400, expect.objectContaining({ error: "invalid_request" })]);
    for (const { text } of [stranger, shortcut]) expect(text).not.toContain("access_token");
  });

  test("exchange, health and metrics can't be reached by the port that is public", async () => {
    const form = new URLSearchParams({
      grant_type: TOKEN_EXCHANGE.grantType,
      ...grantRequest(await apiToken(assistant.url, mallory)),
    });
    const headers = {
      authorization: `Basic ${Buffer.from(`${API_CLIENT_ID}:${chain.clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
      origin: assistant.url,
    };
    for (const path of ["/oauth2/token", "/api/oauth2/token", "/api/auth/oauth2/token"]) {
      const answer = await request(`${assistant.url}${path}`, { method: "POST", headers, body: form.toString() });
      // Outside /api nobody reads a body, so it is refused before anything looks for the path.
      expect([path, answer.status]).toEqual([path, path.startsWith("/api/") ? 404 : 413]);
      expect(answer.text).not.toContain("access_token");
    }
    for (const path of ["/metrics", "/livez", "/readyz"]) {
      expect([path, (await request(`${assistant.url}${path}`)).status]).toEqual([path, 404]);
    }
  });
});

describe("somebody else's user_id", () => {
  test("in the path is answered 403, by the frontend too, the same whether that user exists or not", async () => {
    const token = bearer(await apiToken(assistant.url, mallory));
    const theirs = await chain.knockAtTasks(token, victim.userId);
    await expectRefused(theirs, 403);
    const nobodys = await chain.knockAtTasks(token, createUserId());
    const shape = ({ body }: Answer) => ({ ...(body as object), request_id: "" });
    expect(nobodys.map(shape)).toEqual(theirs.map(shape));
    const headers = { cookie: mallory.cookie };
    await expectRefused([await request(tasksOf(assistant.url, victim.userId), { headers })], 403);
  });

  test("in a tool call is refused by every tool and audited", async () => {
    const token = bearer(await exchange.mcpToken(await apiToken(assistant.url, mallory)));
    const calls: [string, object][] = [
      ["list_tasks", {}],
      ["add_task", { title: "Planted" }],
      ["update_task", { task_id: chain.taskId, title: "Planted" }],
      ["complete_task", { task_ids: [chain.taskId] }],
      ["delete_task", { task_ids: [chain.taskId] }],
    ];
    for (const [name, args] of calls) {
      const result = toolResult(await callTool(chain.mcp, token, name, { ...args, user_id: victim.userId }));
      expect([name, result]).toEqual([
        name,
        { isError: true, text: expect.stringContaining("user_id is not the signed-in user") },
      ]);
    }
    expect(await auditSince(NS, NAME, before.audit)).toEqual(
      calls.map(([action]) => ({ action, outcome: "refused", reason: "user_id_mismatch", actor: API_CLIENT_ID })),
    );
    expect(await userDataDigest(NS, NAME)).toBe(before.data);
  });

  test("left out of a tool call of the API is refused and audited too", async () => {
    const token = bearer(await exchange.mcpToken(await apiToken(assistant.url, mallory)));
    expect(toolResult(await callTool(chain.mcp, token, "list_tasks", {}))).toMatchObject({
      isError: true,
      text: expect.stringContaining("user_id is missing"),
    });
    expect(await auditSince(NS, NAME, before.audit)).toMatchObject([{ outcome: "refused", reason: "user_id_missing" }]);
  });

  test("with one's own user_id, the ids of another's tasks still do nothing", async () => {
    const token = bearer(await exchange.mcpToken(await apiToken(assistant.url, mallory)));
    const args = { task_ids: [chain.taskId], user_id: mallory.userId };
    expect(toolResult(await callTool(chain.mcp, token, "delete_task", args)).text).not.toContain(SECRET_TASK);
    expect(await userDataDigest(NS, NAME)).toBe(before.data);
  });
});

describe("a hostile model", () => {
  const ask = async (message: string): Promise<{ response: string; conversation_id: string }> => {
    const answer = await chain.chatAtApi(bearer(await apiToken(assistant.url, mallory)), message);
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining("conversation_id")]);
    expect(answer.text).not.toContain(SECRET_TASK);
    return answer.body as { response: string; conversation_id: string };
  };
  const victimsTasks = () => sql(NS, NAME, `select to_jsonb(t) from app.task t where user_id = '${victim.userId}'`);

  test.each(["spy", "plant", "wipe"])(
    "that passes a foreign user_id (%s) is refused and audited; the victim is unharmed",
    async (trick) => {
      const owned = await victimsTasks();
      const { response, conversation_id: id } = await ask(`please ${trick}`);
      expect(response).toBe("I tried.");
      const [row, ...more] = await auditSince(NS, NAME, before.audit);
      expect([row, more]).toEqual([
        expect.objectContaining({ outcome: "refused", reason: "injected_argument", actor: API_CLIENT_ID }),
        [],
      ]);
      expect(await victimsTasks()).toEqual(owned);
      const stored = await request(`${assistant.url}/api/conversations/${id}`, { headers: { cookie: mallory.cookie } });
      expect(stored.text).toContain("does not take user_id");
    },
  );

  test("that names another's task finds nothing there", async () => {
    const owned = await victimsTasks();
    expect((await ask("please sneak")).response).toBe("I tried.");
    expect(await victimsTasks()).toEqual(owned);
    expect(await auditSince(NS, NAME, before.audit)).toMatchObject([{ action: "delete_task" }]);
  });

  test("was never shown that there is a user_id, nor anything of the victim", async () => {
    const journal = await chain.model.journal();
    expect(journal.length).toBeGreaterThanOrEqual(8);
    const tools = journal.flatMap(({ request: { tools = [] } }) => tools);
    expect(JSON.stringify(tools)).toContain("list_tasks");
    expect(JSON.stringify(tools)).not.toMatch(/user.?id|x-injected/i);
    const seen = JSON.stringify(journal);
    expect(seen).not.toContain(SECRET_TASK);
    expect(seen).not.toContain(mallory.userId);
    expect(seen).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });

  test("does honest work for a client with a bearer and JSON", async () => {
    expect((await ask("add buy milk tomorrow")).response).toContain("Added “Buy milk”");
    const rows = await sql(NS, NAME, `select title from app.task where user_id = '${mallory.userId}'`);
    expect(rows).toEqual([["Buy milk"]]);
  });
});

describe("the end of a session and of a token", () => {
  test("after signing out elsewhere, a token that has not expired yet starts no run", async () => {
    const cookie = await signIn(assistant.url, victim);
    const token = await apiToken(assistant.url, { cookie });
    await signOut(assistant.url, cookie);
    const answer = await chain.chatAtApi(bearer(token));
    expect([answer.status, answer.body]).toEqual([401, expect.objectContaining({ code: "unauthorized" })]);
    const refused = await exchange.post(grantRequest(token));
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ error: "invalid_grant" })]);
  });

  test("real tokens are refused once they have expired", async () => {
    const { exp = 0 } = decodeJwt(chain.early.api);
    const expired = async () => Date.now() / 1000 > exp + 31;
    await eventually("a minute and the tolerance of 30 s", expired, (over) => over, 120);
    await expectRefused(await chain.knockAtApi(bearer(chain.early.api)), 401);
    await expectRefused(await chain.knockAtMcp(bearer(chain.early.mcp)), 401);
    const refused = await exchange.post(grantRequest(chain.early.api));
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ error: "invalid_grant" })]);
  }, 200_000);

  test("the victim has what they had, and nothing else", async () => {
    const { status, body } = await request(tasksOf(assistant.url, victim.userId), {
      headers: { cookie: victim.cookie },
    });
    expect(status).toBe(200);
    expect((body as { tasks: { title: string }[] }).tasks.map(({ title }) => title)).toEqual([SECRET_TASK]);
  });
});
