import { createTestIssuer, type TestIssuer } from "@taskassistant/kit/testing";
import { type Assistant, bringUp, example, forward, NAMESPACES } from "./cluster/assistants.ts";
import { emptied, frugal } from "./cluster/tidy.ts";
import { runScriptedModel, type ScriptedModel } from "./model/run-scripted-model.ts";
import { callTool } from "./people/mcp-client.ts";
import { type Answer, apiToken, type Person, request, signUp } from "./people/people.ts";
import { type Exchange, exchangeAt, secretKey, signingKeyOf } from "./people/tokens.ts";

export const NS = NAMESPACES.chain;
export const NAME = "chain";
/** What nobody but the victim may ever read. */
export const SECRET_TASK = "The victim's surprise party";

export const tasksOf = (base: string, userId: string): string => `${base}/api/${userId}/tasks`;
export const bearer = (token: string): string => `Bearer ${token}`;

/** An attacker's playground: a deployed assistant with every port of it within reach, and a model on the attacker's side. */
export interface ChainHarness {
  assistant: Assistant;
  victim: Person;
  mallory: Person;
  /** Id of the victim's one task. */
  taskId: string;
  /** Addresses inside the cluster, made reachable for the attacker. */
  api: string;
  mcp: string;
  exchange: Exchange;
  clientSecret: string;
  /** Signs with the deployed key. */
  issuer: TestIssuer;
  model: ScriptedModel;
  /** Good tokens of the victim, made first; they live a minute. */
  early: { api: string; mcp: string };
  /** Reads, adds, changes and deletes a user's tasks at the API. */
  knockAtTasks(authorization: string | undefined, userId: string): Promise<Answer[]>;
  /** The same as the victim, and by chat. */
  knockAtApi(authorization: string | undefined): Promise<Answer[]>;
  /** Reads, adds and deletes at the MCP server as the victim. */
  knockAtMcp(authorization: string | undefined): Promise<Answer[]>;
  /** One question at the API, in JSON mode. */
  chatAtApi(authorization: string | undefined, message?: string): Promise<Answer>;
  close(): Promise<void>;
}

/** @param modelImage the image whose script plays the hostile model */
export async function startChain(modelImage: string): Promise<ChainHarness> {
  await emptied(NS);
  const resource = frugal(example("demo.yaml"));
  resource.metadata.name = NAME;
  resource.spec.model = { provider: "OpenAICompatible", name: "hostile", baseURL: "http://hostile:8002/v1" };
  resource.spec.auth = { signUp: "Open", jwt: { expiresIn: "1m" } };
  const assistant = await bringUp(NS, resource, 300);
  const { url } = assistant;
  const reachable = async (component: string, port: number) =>
    `http://localhost:${await forward(NS, `service/${NAME}-${component}`, port)}`;
  const api = await reachable("api", 8000);
  const mcp = `${await reachable("mcp", 8001)}/mcp`;
  const clientSecret = await secretKey(NS, `${NAME}-exchange`, "client-secret");
  const exchange = exchangeAt(await reachable("frontend", 3001), url, clientSecret);
  const [victim, mallory] = [await signUp(url, "Victim"), await signUp(url, "Mallory")];
  const token = await apiToken(url, victim);
  const early = { api: token, mcp: await exchange.mcpToken(token) };
  const taskId = await addAs(victim, url);
  const issuer = await createTestIssuer({ issuer: url });
  issuer.key = await signingKeyOf(NS, NAME);
  const model = await runScriptedModel(NS, "hostile", modelImage, hostileScript(victim.userId, taskId));

  const chatAtApi: ChainHarness["chatAtApi"] = (authorization, message = "what's open?") =>
    request(`${api}/api/chat`, {
      method: "POST",
      headers: { ...headersWith(authorization), accept: "application/json" },
      body: JSON.stringify({ message }),
    });
  const knockAtTasks: ChainHarness["knockAtTasks"] = async (authorization, userId) => {
    const headers = headersWith(authorization);
    const [tasks, body] = [tasksOf(api, userId), JSON.stringify({ title: "Planted" })];
    return [
      await request(tasks, { headers }),
      await request(tasks, { method: "POST", headers, body }),
      await request(`${tasks}/${taskId}`, { method: "PATCH", headers, body }),
      await request(`${tasks}/${taskId}`, { method: "DELETE", headers }),
    ];
  };
  const args = { user_id: victim.userId };
  return {
    ...{ assistant, victim, mallory, taskId, api, mcp, exchange, clientSecret, issuer, model, early },
    ...{ chatAtApi, knockAtTasks },
    knockAtApi: async (authorization) => [
      ...(await knockAtTasks(authorization, victim.userId)),
      await chatAtApi(authorization),
    ],
    knockAtMcp: async (authorization) => [
      await callTool(mcp, authorization, "list_tasks", args),
      await callTool(mcp, authorization, "add_task", { ...args, title: "Planted" }),
      await callTool(mcp, authorization, "delete_task", { ...args, task_ids: [taskId] }),
    ],
    close: async () => {
      await issuer.close();
      await emptied(NS);
    },
  };
}

function headersWith(authorization: string | undefined): Record<string, string> {
  return { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
}

async function addAs(owner: Person, url: string): Promise<string> {
  const answer = await request(tasksOf(url, owner.userId), {
    method: "POST",
    headers: { cookie: owner.cookie, origin: url, "content-type": "application/json" },
    body: JSON.stringify({ title: SECRET_TASK }),
  });
  if (answer.status !== 201) throw new Error(`the victim's task: ${answer.status} ${answer.text}`);
  return (answer.body as { id: string }).id;
}

/** Tricks of a model that has read something it should not have believed. */
function hostileScript(victim: string, taskId: string) {
  const trick = (match: string, name: string, args: object) => ({
    match,
    rounds: [[{ type: "tool_call", name, arguments: args }], [{ type: "text", text: "I tried." }]],
  });
  return {
    models: ["hostile"],
    rules: [
      trick("spy", "list_tasks", { status: "all", user_id: victim }),
      trick("plant", "add_task", { title: "Planted", user_id: victim }),
      trick("wipe", "delete_task", { task_ids: [taskId], user_id: victim }),
      trick("sneak", "delete_task", { task_ids: [taskId] }),
    ],
  };
}
