import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from "@modelcontextprotocol/server";
import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { type Listener, listen } from "@taskassistant/kit/http";
import { createJwksSource, createTokenVerifier } from "@taskassistant/kit/jwt";
import { createLogger, type Logger } from "@taskassistant/kit/process";
import { type ClaimOverrides, createTestIssuer, type TestIssuer } from "@taskassistant/kit/testing";
import { buildMcp, type Mcp } from "../src/index.ts";

export interface Replica {
  url: string;
  mcp: Mcp;
  db: Database;
  listener: Listener;
  stop(): Promise<void>;
}

export interface Harness {
  issuer: TestIssuer;
  database: TestDatabase;
  /** Two users with an account; ids as in tokens. */
  ana: string;
  ben: string;
  /** What the services logged, one JSON object a line. */
  logs: string[];
  replica(options?: {
    allowedHosts?: string[];
    drainMs?: number;
    databaseUrl?: string;
    requestsPerMinute?: number;
  }): Promise<Replica>;
  /** An MCP token as the exchange makes it for the API (`act.sub` = api). */
  token(sub: string, claims?: ClaimOverrides): string;
  /** A token of a client the user authorised directly. */
  externalToken(sub: string, claims?: ClaimOverrides): string;
  /** The tasks of all users. */
  tasks(): Promise<{ user_id: string; title: string; version: number; deleted: boolean }[]>;
  audit(): Promise<{ action: string; outcome: string; reason: string | null; actor: string; client_id: string }[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Starts PostgreSQL and an issuer; a test adds replicas. All of them are real and listen on loopback. */
export async function startHarness(): Promise<Harness> {
  const [database, issuer] = await Promise.all([createTestDatabase(), createTestIssuer()]);
  const logs: string[] = [];
  const log: Logger = createLogger({ name: "mcp", level: "debug", destination: { write: (line) => logs.push(line) } });
  const replicas = new Set<Replica>();

  const replica: Harness["replica"] = async ({
    allowedHosts = [],
    drainMs = 0,
    databaseUrl = database.appUrl,
    requestsPerMinute = 0,
  } = {}) => {
    const db = createDatabase({
      url: databaseUrl,
      ssl: { mode: "disable" },
      poolSize: 5,
      applicationName: "mcp-test",
      log,
    });
    const jwks = createJwksSource({ url: issuer.jwksUrl, log });
    const verifier = createTokenVerifier({ issuer: issuer.issuer, kind: "mcp", jwks });
    const mcp = buildMcp({ db, verifier, issuer: issuer.issuer, allowedHosts, requestsPerMinute, log });
    const listener = await listen({ fetch: mcp.fetch, port: 0, host: "127.0.0.1", log, drainMs, finishMs: 5_000 });
    const made: Replica = {
      url: `${listener.url}/mcp`,
      mcp,
      db,
      listener,
      stop: async () => {
        replicas.delete(made);
        await listener.stop();
        await mcp.close();
        await db.close();
      },
    };
    replicas.add(made);
    return made;
  };

  const rows = async (text: string) => (await runSql(database.adminUrl, text)).rows;
  return {
    issuer,
    database,
    ana: await database.createUser("Ana"),
    ben: await database.createUser("Ben"),
    logs,
    replica,
    token: (sub, claims) => issuer.sign("mcp", { sub, ...claims }),
    externalToken: (sub, claims) => issuer.sign("mcp", { sub, act: undefined, client_id: "claude", ...claims }),
    tasks: () =>
      rows(`select user_id, title, version, deleted_at is not null as deleted from app.task order by created_at, id`),
    audit: () => rows("select action, outcome, reason, actor, client_id from app.audit order by id"),
    clear: async () => {
      await runSql(database.adminUrl, "delete from app.task");
      await runSql(database.adminUrl, "delete from app.audit");
      logs.length = 0;
    },
    close: async () => {
      await Promise.all([...replicas].map((each) => each.stop()));
      await issuer.close();
      await database.drop();
    },
  };
}

export type Era = "modern" | "legacy";
export const ERAS: Era[] = ["modern", "legacy"];

/** A JSON-RPC request as a client of the era sends it; `written` may change its text. */
export function post(
  url: string,
  era: Era,
  message: { method: string; params?: Record<string, unknown>; id?: number | string },
  headers: Record<string, string>,
  written: (text: string) => string = (text) => text,
): Promise<Response> {
  const { method, params = {}, id = 1 } = message;
  const base = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  if (era === "legacy") {
    const body = written(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return fetch(url, { method: "POST", body, headers: { ...base, "mcp-protocol-version": "2025-11-25", ...headers } });
  }
  const _meta = {
    ...(params._meta as object | undefined),
    [PROTOCOL_VERSION_META_KEY]: "2026-07-28",
    [CLIENT_INFO_META_KEY]: { name: "test", version: "1" },
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  const name = typeof params.name === "string" ? { "mcp-name": params.name } : {};
  return fetch(url, {
    method: "POST",
    body: written(JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta } })),
    headers: { ...base, "mcp-protocol-version": "2026-07-28", "mcp-method": method, ...name, ...headers },
  });
}

export interface PublishedTool {
  name: string;
  annotations: object;
  inputSchema: { properties: Record<string, unknown>; required?: string[]; additionalProperties: boolean };
}

/** `tools/list`, as it is on the wire. */
export async function publishedTools(url: string, era: Era, token: string): Promise<PublishedTool[]> {
  const response = await post(url, era, { method: "tools/list" }, { authorization: `Bearer ${token}` });
  const { result } = (await response.json()) as { result: { tools: PublishedTool[] } };
  return result.tools;
}

export interface ToolAnswer {
  status: number;
  /** The JSON-RPC error, if it is one. */
  error?: { code: number; message: string };
  isError: boolean;
  text: string;
  structured: Record<string, unknown> | undefined;
}

/** Calls a tool without a client library, which might check something before it sends the call. */
export async function call(
  url: string,
  era: Era,
  token: string,
  name: string,
  args: unknown,
  meta?: Record<string, unknown>,
): Promise<ToolAnswer> {
  const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) };
  const response = await post(url, era, { method: "tools/call", params }, { authorization: `Bearer ${token}` });
  const body = JSON.parse((await response.text()) || "{}");
  return {
    status: response.status,
    ...(body.error === undefined ? {} : { error: body.error }),
    isError: body.result?.isError === true,
    text: body.result?.content?.[0]?.text ?? "",
    structured: body.result?.structuredContent,
  };
}
