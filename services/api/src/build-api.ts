import type { Me } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { createTokenVerifier, type JwksSource, type Logger } from "@taskassistant/kit";
import { createChatCompletionsDriver } from "./agent/model/chat-completions/driver.ts";
import { createTurns } from "./runs/registry.ts";
import { createExchangeClient } from "./identity/exchange-client.ts";
import { createApp } from "./http/app.ts";
import { createMcpPort } from "./mcp/remote.ts";
import { createSchemaValidator } from "./mcp/schema-validator.ts";

export type ApiDeps = {
  db: Database;
  /** The issuer's keys. */
  jwks: JwksSource;
  log: Logger;
  /** `BETTER_AUTH_URL`: issuer of the tokens. */
  issuer: string;
  exchange: { url: string; clientSecret: string };
  mcp: {
    url: string;
    /** Another way to the same protocol, such as a server in this process. */
    fetch?: typeof fetch;
  };
  model: Me["model"] & {
    baseURL: string;
    apiKey: string | undefined;
    timeoutSeconds: number;
    maxRetries: number;
    /** Longest silence within an answer; 30 s. */
    idleSeconds?: number;
  };
  agent: {
    systemPrompt: string | undefined;
    maxSteps: number;
    turnTimeoutSeconds: number;
    /** Most turns at a time: of one user, and of this process. */
    maxTurnsPerUser: number;
    maxTurns: number;
    /** Longest tool call; 15 s. */
    toolTimeoutSeconds?: number;
  };
  corsOrigins: readonly string[];
  /** Most requests of one user in a minute at this replica; no limit when 0. */
  requestsPerMinute: number;
};

export type Api = {
  /** The whole HTTP surface as a web-standard handler. */
  fetch(request: Request): Response | Promise<Response>;
  /** Waits for running turns; after `ms` the rest, and later ones, are stopped and stored as such. For the end only. */
  drain(ms: number): Promise<void>;
};

/** Most tool calls in one turn, and most characters of text. */
const TOOL_CALLS_MAX = 16;
const TEXT_MAX = 64_000;

/** Puts the API together. Nothing connects before the first request. */
export function buildApi(deps: ApiDeps): Api {
  const { db, log, model, agent } = deps;
  const validator = createSchemaValidator();
  const turns = createTurns({
    db,
    log,
    validator,
    exchange: createExchangeClient({ ...deps.exchange, issuer: deps.issuer }),
    mcp: createMcpPort({ ...deps.mcp, log, validator, callTimeoutMs: (agent.toolTimeoutSeconds ?? 15) * 1000 }),
    driver: createChatCompletionsDriver({
      baseURL: model.baseURL,
      apiKey: model.apiKey,
      model: model.name,
      firstTimeoutMs: model.timeoutSeconds * 1000,
      idleTimeoutMs: (model.idleSeconds ?? 30) * 1000,
      maxRetries: model.maxRetries,
    }),
    limits: {
      steps: agent.maxSteps,
      toolCalls: TOOL_CALLS_MAX,
      textLength: TEXT_MAX,
      turnMs: agent.turnTimeoutSeconds * 1000,
    },
    manner: agent.systemPrompt,
    slots: { perUser: agent.maxTurnsPerUser, total: agent.maxTurns },
  });
  const app = createApp({
    db,
    log,
    turns,
    verifier: createTokenVerifier({ issuer: deps.issuer, kind: "api", jwks: deps.jwks }),
    model: { provider: model.provider, name: model.name },
    corsOrigins: deps.corsOrigins,
    requestsPerMinute: deps.requestsPerMinute,
  });
  return { fetch: (request) => app.fetch(request), drain: turns.drain };
}
