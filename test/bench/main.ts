import { createDatabase } from "@taskassistant/db";
import { createTestDatabase } from "@taskassistant/db/testing";
import { createJwksSource, createTokenVerifier } from "@taskassistant/kit/jwt";
import { createLogger } from "@taskassistant/kit/process";
import { createTestIssuer } from "@taskassistant/kit/testing";
import { buildMcp } from "@taskassistant/mcp";
import { tasksFor } from "@taskassistant/tasks";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import pg from "pg";
import { compare, describe } from "./compare.ts";

/** `make bench`: what the walls of the identity chain cost, as ratios against a reference measured in the same run. */
const log = createLogger({ name: "bench", level: "silent" });
const [database, issuer] = await Promise.all([createTestDatabase(), createTestIssuer()]);
const db = createDatabase({
  url: database.appUrl,
  ssl: { mode: "disable" },
  poolSize: 2,
  applicationName: "bench",
  log,
});
const plain = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
const jwks = createJwksSource({ url: issuer.jwksUrl, log });

try {
  const user = await database.createUser("bench");
  const tasks = tasksFor(db, user);
  for (let index = 0; index < 20; index += 1) await tasks.add({ title: `Task ${index}`, due: "2026-12-01" });

  const token = issuer.sign("mcp", { sub: user });
  const verifier = createTokenVerifier({ issuer: issuer.issuer, kind: "mcp", jwks });
  const keys = createLocalJWKSet((await (await fetch(issuer.jwksUrl)).json()) as JSONWebKeySet);
  const mcp = buildMcp({ db, verifier, issuer: issuer.issuer, allowedHosts: ["localhost"], log });

  const list = "select * from app.task where user_id = $1 and deleted_at is null order by due, created_at limit 50";
  const outcomes = [
    await compare({
      title: "list 20 tasks: row-level security, transaction, paging : one query",
      subject: { name: "tasksFor(user).list()", once: () => tasks.list({}) },
      reference: { name: "the query alone", once: () => plain.query(list, [user]) },
      calls: 300,
    }),
    await compare({
      title: "verify a token: ours with its cache : jose each time",
      subject: { name: "kit", once: () => verifier.verify(token) },
      reference: {
        name: "jose",
        once: () => jwtVerify(token, keys, { issuer: issuer.issuer, algorithms: ["EdDSA"], typ: "at+jwt" }),
      },
      calls: 300,
    }),
    await compare({
      title: "MCP tools/call list_tasks : the same list without MCP",
      subject: { name: "mcp", once: () => callListTasks(mcp.fetch, token, user) },
      reference: { name: "tasksFor(user).list()", once: () => tasks.list({}) },
      calls: 200,
    }),
  ];
  for (const outcome of outcomes) console.log(describe(outcome));
  await mcp.close();
} finally {
  await plain.end();
  await db.close();
  await issuer.close();
  await database.drop();
}

async function callListTasks(
  fetch: (request: Request) => Promise<Response>,
  bearer: string,
  userId: string,
): Promise<void> {
  const call = {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "list_tasks", arguments: { user_id: userId } },
  };
  const headers = {
    authorization: `Bearer ${bearer}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
    host: "localhost",
  };
  const response = await fetch(
    new Request("http://localhost/mcp", { method: "POST", headers, body: JSON.stringify(call) }),
  );
  const answer = (await response.json()) as { result?: { isError?: boolean } };
  if (response.status !== 200 || answer.result?.isError)
    throw new Error(`list_tasks: ${response.status} ${JSON.stringify(answer)}`);
}
