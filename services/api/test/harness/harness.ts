import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { type Listener, listen } from "@taskassistant/kit/http";
import { createJwksSource, createTokenVerifier } from "@taskassistant/kit/jwt";
import { createLogger, type Logger } from "@taskassistant/kit/process";
import { createTestIssuer, type TestIssuer } from "@taskassistant/kit/testing";
import { buildMcp } from "@taskassistant/mcp";
import { buildModelServer, type ModelServer, type Respond, respondAsDemo } from "@taskassistant/model-demo";
import { z } from "zod";
import { type Api, type ApiDeps, buildApi } from "../../src/index.ts";
import { startTestExchange, type TestExchange } from "./exchange.ts";

const mcpRequestSchema = z.object({
  method: z.string(),
  params: z.object({ name: z.string().optional(), arguments: z.record(z.string(), z.unknown()).optional() }).optional(),
});
/** `gone` fires when the caller gives the request up. */
export type McpRequest = z.infer<typeof mcpRequestSchema> & { headers: Headers; gone: AbortSignal };

export type TestUser = { id: string; sid: string; token: string };

/** A running API between real parts: PostgreSQL, the MCP server, the model server; only the frontend is played. */
export type Harness = {
  url: string;
  api: Api;
  /** What the API was built of. */
  deps: ApiDeps;
  db: Database;
  database: TestDatabase;
  issuer: TestIssuer;
  exchange: TestExchange;
  model: ModelServer & {
    url: string;
    /** What the model does; the demo model unless set. */
    respond: Respond;
    apiKeys: readonly string[] | undefined;
    /** The demo model again, with an empty journal. */
    reset(): void;
  };
  /** Requests that reached the MCP server. */
  mcp: {
    url: string;
    requests: McpRequest[];
    /** The requests that called a tool. */
    calls(): McpRequest[];
    /** The real server, unless a test puts something in its place. */
    fetch: (request: Request) => Response | Promise<Response>;
    /** Waited for before each request; an answer it gives is the answer. */
    // biome-ignore lint/suspicious/noConfusingVoidType: most hooks give nothing back
    before: (request: McpRequest) => Response | void | Promise<Response | void>;
    /** The real server again, with no request seen. */
    reset(): void;
  };
  user(name: string): Promise<TestUser>;
  close(): Promise<void>;
};

type Overrides = { [K in keyof ApiDeps]?: Partial<ApiDeps[K]> };

export async function startHarness(overrides: Overrides = {}): Promise<Harness> {
  const log =
    (overrides.log as Logger | undefined) ??
    createLogger({ name: "test", level: process.env.TEST_LOG_LEVEL ?? "silent" });
  const [database, issuer] = await Promise.all([createTestDatabase(), createTestIssuer()]);
  const exchange = await startTestExchange(issuer);
  const open = () =>
    createDatabase({ url: database.appUrl, ssl: { mode: "disable" }, poolSize: 5, applicationName: "test", log });
  const db = open();
  const mcpDb = open();

  const settings: { respond: Respond; apiKeys: readonly string[] | undefined } = {
    respond: respondAsDemo,
    apiKeys: undefined,
  };
  const modelServer = buildModelServer({ respond: (r) => settings.respond(r), apiKeys: () => settings.apiKeys, log });
  const model = Object.assign(settings, modelServer, {
    url: "",
    reset: () => {
      Object.assign(settings, { respond: respondAsDemo, apiKeys: undefined });
      modelServer.journal.length = 0;
    },
  });
  const jwks = createJwksSource({ url: issuer.jwksUrl });
  const real = buildMcp({
    db: mcpDb,
    verifier: createTokenVerifier({ issuer: issuer.issuer, kind: "mcp", jwks }),
    issuer: issuer.issuer,
    allowedHosts: ["localhost", "127.0.0.1"],
    log,
  });
  const mcp: Harness["mcp"] = {
    url: "",
    requests: [],
    calls: () => mcp.requests.filter((request) => request.method === "tools/call"),
    fetch: real.fetch,
    before: () => undefined,
    reset: () => {
      mcp.requests.length = 0;
      Object.assign(mcp, { fetch: real.fetch, before: () => undefined });
    },
  };
  const serve = (fetch: (request: Request) => Response | Promise<Response>): Promise<Listener> =>
    listen({ fetch, port: 0, host: "127.0.0.1", log, drainMs: 0, finishMs: 1_000 });
  const modelListener = await serve((request) => model.fetch(request));
  const mcpListener = await serve(async (request) => {
    if (request.method === "GET") return mcp.fetch(request);
    const body = await request.text();
    const seen = { ...mcpRequestSchema.parse(JSON.parse(body)), headers: request.headers, gone: request.signal };
    mcp.requests.push(seen);
    const answer = await mcp.before(seen);
    return answer ?? mcp.fetch(new Request(request.url, { method: request.method, headers: request.headers, body }));
  });

  mcp.url = `${mcpListener.url}/mcp`;
  model.url = `${modelListener.url}/v1`;

  const deps: ApiDeps = {
    db,
    log,
    jwks,
    issuer: issuer.issuer,
    exchange: { url: exchange.url, clientSecret: exchange.clientSecret, ...overrides.exchange },
    mcp: { url: mcp.url, ...overrides.mcp },
    model: {
      provider: "Demo",
      name: "demo",
      baseURL: model.url,
      apiKey: undefined,
      timeoutSeconds: 30,
      maxRetries: 1,
      ...overrides.model,
    },
    agent: {
      systemPrompt: undefined,
      maxSteps: 8,
      runTimeoutSeconds: 60,
      maxRunsPerUser: 3,
      maxRuns: 100,
      ...overrides.agent,
    },
    corsOrigins: (overrides.corsOrigins as string[] | undefined) ?? [],
    requestsPerMinute: overrides.requestsPerMinute ?? 0,
  };
  const api = buildApi(deps);
  const listener = await serve(api.fetch);

  return {
    url: listener.url,
    api,
    deps,
    db,
    database,
    issuer,
    exchange,
    model,
    mcp,
    user: async (name) => {
      const id = await database.createUser(name);
      const sid = `session-of-${name}`;
      return { id, sid, token: issuer.sign("api", { sub: id, sid }) };
    },
    close: async () => {
      await Promise.all([listener.stop(), modelListener.stop(), mcpListener.stop()]);
      await Promise.all([exchange.close(), issuer.close(), db.close(), real.close()]);
      await mcpDb.close();
      await database.drop();
    },
  };
}
