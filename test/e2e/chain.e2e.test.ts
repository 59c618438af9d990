import { API_CLIENT_ID, audienceOf, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { createTestIssuer, createUserId, forgeTokens, type TestIssuer } from "@taskassistant/kit/testing";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type Assistant, bringUp, eventually, example, forward, NAMESPACES } from "./fixture.ts";
import { callTool, toolResult } from "./mcp-client.ts";
import { type Answer, apiToken, type Person, request, signIn, signOut, signUp } from "./people.ts";
import { auditMark, auditSince, sql, userDataDigest } from "./rows.ts";
import { runScriptedModel, type ScriptedModel } from "./run-scripted-model.ts";
import { emptied, frugal } from "./tidy.ts";
import { type Exchange, exchangeAt, grantRequest, secretKey, signingKeyOf } from "./tokens.ts";

/** The identity chain on the deployed product: whoever does not belong gets the right refusal and leaves no trace. */

const NS = NAMESPACES.chain;
const NAME = "chain";
const SECRET_TASK = "The victim's surprise party";

let assistant: Assistant;
let victim: Person;
let mallory: Person;
/** Id of the victim's one task. */
let taskId: string;
/** Addresses inside the cluster, made reachable for the attacker. */
let api: string;
let mcp: string;
let exchange: Exchange;
let clientSecret: string;
/** Signs with the deployed key. */
let issuer: TestIssuer;
let model: ScriptedModel;
/** Good tokens, made first, that have expired by the end of the file. */
let early: { api: string; mcp: string };
let before: { data: string; audit: number };

beforeAll(async () => {
  await emptied(NS);
  const resource = frugal(example("demo.yaml"));
  resource.metadata.name = NAME;
  resource.spec.model = { provider: "OpenAICompatible", name: "hostile", baseURL: "http://hostile:8002/v1" };
  resource.spec.auth = { signUp: "Open", jwt: { expiresIn: "1m" } };

  assistant = await bringUp(NS, resource, 300);
  const { url } = assistant;
  api = `http://localhost:${await forward(NS, `service/${NAME}-api`, 8000)}`;
  mcp = `http://localhost:${await forward(NS, `service/${NAME}-mcp`, 8001)}/mcp`;
  clientSecret = await secretKey(NS, `${NAME}-exchange`, "client-secret");
  exchange = exchangeAt(`http://localhost:${await forward(NS, `service/${NAME}-frontend`, 3001)}`, url, clientSecret);
  [victim, mallory] = [await signUp(url, "Victim"), await signUp(url, "Mallory")];
  early = { api: await apiToken(url, victim), mcp: "" };
  early.mcp = await exchange.mcpToken(early.api);
  const added = await asOwner("POST", { title: SECRET_TASK });
  taskId = (added.body as { id: string }).id;
  issuer = await createTestIssuer({ issuer: url });
  issuer.key = await signingKeyOf(NS, NAME);
  model = await runScriptedModel(NS, "hostile", inject("images")["model-demo"] ?? "", hostileScript());
}, 600_000);

afterAll(async () => {
  await issuer?.close();
  await emptied(NS);
}, 300_000);

beforeEach(async () => {
  before = { data: await userDataDigest(NS, NAME), audit: await auditMark(NS, NAME) };
});

/** Tricks of a model that has read something it should not have believed. */
function hostileScript() {
  const trick = (match: string, name: string, args: object) => ({
    match,
    rounds: [[{ type: "tool_call", name, arguments: args }], [{ type: "text", text: "I tried." }]],
  });
  return {
    models: ["hostile"],
    rules: [
      trick("spy", "list_tasks", { status: "all", user_id: victim.userId }),
      trick("plant", "add_task", { title: "Planted", user_id: victim.userId }),
      trick("wipe", "delete_task", { task_ids: [taskId], user_id: victim.userId }),
      trick("sneak", "delete_task", { task_ids: [taskId] }),
    ],
  };
}

const tasksOf = (base: string, userId: string) => `${base}/api/${userId}/tasks`;

function asOwner(method: "GET" | "POST", body?: object): Promise<Answer> {
  return request(tasksOf(assistant.url, victim.userId), {
    method,
    headers: { cookie: victim.cookie, origin: assistant.url, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Reads, writes and deletes a user's tasks at the API. */
async function knockAtTasks(authorization: string | undefined, userId: string): Promise<Answer[]> {
  const headers = {
    "content-type": "application/json",
    ...(authorization === undefined ? {} : { authorization }),
  };
  const planted = JSON.stringify({ title: "Planted" });
  return [
    await request(tasksOf(api, userId), { headers }),
    await request(tasksOf(api, userId), { method: "POST", headers, body: planted }),
    await request(`${tasksOf(api, userId)}/${taskId}`, { method: "PATCH", headers, body: planted }),
    await request(`${tasksOf(api, userId)}/${taskId}`, { method: "DELETE", headers }),
  ];
}

/** The same as the victim, and by chat. */
async function knockAtApi(authorization: string | undefined): Promise<Answer[]> {
  return [...(await knockAtTasks(authorization, victim.userId)), await chatAtApi(authorization)];
}

/** One question at the API, in JSON mode. */
function chatAtApi(authorization: string | undefined, message = "what's open?"): Promise<Answer> {
  return request(`${api}/api/chat`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: JSON.stringify({ message }),
  });
}

/** Reads, writes and deletes at the MCP server as the victim. */
async function knockAtMcp(authorization: string | undefined): Promise<Answer[]> {
  const { userId } = victim;
  return [
    await callTool(mcp, authorization, "list_tasks", { user_id: userId }),
    await callTool(mcp, authorization, "add_task", { user_id: userId, title: "Planted" }),
    await callTool(mcp, authorization, "delete_task", { user_id: userId, task_ids: [taskId] }),
  ];
}

/** All were answered with that status, showed nothing of the victim's and changed nothing of anybody's. */
async function expectRefused(answers: Answer[], status: number): Promise<void> {
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
  for (const { text } of answers) expect(text).not.toContain(SECRET_TASK);
  expect(await userDataDigest(NS, NAME)).toBe(before.data);
}

const bearer = (token: string) => `Bearer ${token}`;

describe("without a token", () => {
  test("the API answers 401 as problem+json", async () => {
    const answers = await knockAtApi(undefined);
    await expectRefused(answers, 401);
    expect(answers[0]?.headers.get("content-type")).toContain("application/problem+json");
    expect(answers[0]?.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("the MCP server answers 401 and says where to get one", async () => {
    const answers = await knockAtMcp(undefined);
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
    const listed = await request(tasksOf(api, victim.userId), {
      headers: { authorization: bearer(issuer.sign("api", claims)) },
    });
    expect([listed.status, listed.text]).toEqual([200, expect.stringContaining(SECRET_TASK)]);
    const result = await callTool(mcp, bearer(issuer.sign("mcp", claims)), "list_tasks", { user_id: victim.userId });
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
      const tasks = tasksOf(api, victim.userId);
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
      const answer = await callTool(mcp, bearer(token), "add_task", { user_id: victim.userId, title: "Planted" });
      if (answer.status !== 401) wrong.push(`${name}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(await userDataDigest(NS, NAME)).toBe(before.data);
    expect(await auditSince(NS, NAME, before.audit)).toEqual([]);
  }, 400_000);

  test("one of the exchange's own kind is refused by both services", async () => {
    const grant = bearer(issuer.sign("run-grant", { sub: victim.userId }));
    await expectRefused([...(await knockAtApi(grant)), ...(await knockAtMcp(grant))], 401);
  });
});

describe("real tokens in the wrong place", () => {
  test("the API's token is worth nothing at the MCP server", async () => {
    await expectRefused(await knockAtMcp(bearer(await apiToken(assistant.url, victim))), 401);
    expect(await auditSince(NS, NAME, before.audit)).toEqual([]);
  });

  test("the MCP token is worth nothing at the API", async () => {
    const token = await exchange.mcpToken(await apiToken(assistant.url, victim));
    expect(decodeJwt(token)).toMatchObject({
      aud: audienceOf("mcp", assistant.url),
      sub: victim.userId,
      act: { sub: API_CLIENT_ID },
    });
    await expectRefused(await knockAtApi(bearer(token)), 401);
    // It is a good one, in its place.
    const listed = toolResult(await callTool(mcp, bearer(token), "list_tasks", { user_id: victim.userId }));
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

  test("the exchange can't be reached by the port that is public", async () => {
    const form = new URLSearchParams({
      grant_type: TOKEN_EXCHANGE.grantType,
      ...grantRequest(await apiToken(assistant.url, mallory)),
    });
    const headers = {
      authorization: `Basic ${Buffer.from(`${API_CLIENT_ID}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
      origin: assistant.url,
    };
    for (const path of ["/oauth2/token", "/api/oauth2/token", "/api/auth/oauth2/token"]) {
      const answer = await request(`${assistant.url}${path}`, { method: "POST", headers, body: form.toString() });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.text).not.toContain("access_token");
    }
  });

  test("nor can health and metrics", async () => {
    for (const path of ["/metrics", "/livez", "/readyz"]) {
      expect([path, (await request(`${assistant.url}${path}`)).status]).toEqual([path, 404]);
    }
  });
});

describe("somebody else's user_id", () => {
  test("in the path is answered 403, the same for a user who exists and one who does not", async () => {
    const token = bearer(await apiToken(assistant.url, mallory));
    const theirs = await knockAtTasks(token, victim.userId);
    await expectRefused(theirs, 403);
    const nobodys = await knockAtTasks(token, createUserId());
    const shape = ({ body }: Answer) => ({ ...(body as object), request_id: "" });
    expect(nobodys.map(shape)).toEqual(theirs.map(shape));
  });

  test("in the path is answered 403 through the frontend as well", async () => {
    const headers = { cookie: mallory.cookie, origin: assistant.url };
    const path = tasksOf(assistant.url, victim.userId);
    await expectRefused([await request(path, { headers })], 403);
  });

  test("in a tool call is refused by every tool and audited", async () => {
    const token = bearer(await exchange.mcpToken(await apiToken(assistant.url, mallory)));
    const calls: [string, object][] = [
      ["list_tasks", {}],
      ["add_task", { title: "Planted" }],
      ["update_task", { task_id: taskId, title: "Planted" }],
      ["complete_task", { task_ids: [taskId] }],
      ["delete_task", { task_ids: [taskId] }],
    ];
    for (const [name, args] of calls) {
      const result = toolResult(await callTool(mcp, token, name, { ...args, user_id: victim.userId }));
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
    expect(toolResult(await callTool(mcp, token, "list_tasks", {}))).toMatchObject({
      isError: true,
      text: expect.stringContaining("user_id is missing"),
    });
    expect(await auditSince(NS, NAME, before.audit)).toMatchObject([{ outcome: "refused", reason: "user_id_missing" }]);
  });

  test("with one's own user_id, the ids of another's tasks still do nothing", async () => {
    const token = bearer(await exchange.mcpToken(await apiToken(assistant.url, mallory)));
    const args = { task_ids: [taskId], user_id: mallory.userId };
    expect(toolResult(await callTool(mcp, token, "delete_task", args)).text).not.toContain(SECRET_TASK);
    expect(await userDataDigest(NS, NAME)).toBe(before.data);
  });
});

describe("a hostile model", () => {
  const ask = async (message: string): Promise<{ response: string; conversation_id: string }> => {
    const answer = await chatAtApi(bearer(await apiToken(assistant.url, mallory)), message);
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
    const journal = await model.journal();
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
  test("after signing out elsewhere, a token that has not expired yet starts no turn", async () => {
    const cookie = await signIn(assistant.url, victim);
    const token = await apiToken(assistant.url, { cookie });
    await signOut(assistant.url, cookie);
    const answer = await chatAtApi(bearer(token));
    expect([answer.status, answer.body]).toEqual([401, expect.objectContaining({ code: "unauthorized" })]);
    const refused = await exchange.post(grantRequest(token));
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ error: "invalid_grant" })]);
  });

  test("real tokens are refused once they have expired", async () => {
    const { exp = 0 } = decodeJwt(early.api);
    const expired = async () => Date.now() / 1000 > exp + 31;
    await eventually("a minute and the tolerance of 30 s", expired, (over) => over, 120);
    await expectRefused(await knockAtApi(bearer(early.api)), 401);
    await expectRefused(await knockAtMcp(bearer(early.mcp)), 401);
    const refused = await exchange.post(grantRequest(early.api));
    expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ error: "invalid_grant" })]);
  }, 200_000);

  test("the victim has what they had, and nothing else", async () => {
    const { status, body } = await asOwner("GET");
    expect(status).toBe(200);
    expect((body as { tasks: { title: string }[] }).tasks.map(({ title }) => title)).toEqual([SECRET_TASK]);
  });
});
