import type { Me } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { createHoldBody, createResponseBudget } from "@taskassistant/kit/guard";
import { createTokenVerifier, type JwksSource } from "@taskassistant/kit/jwt";
import type { Logger } from "@taskassistant/kit/process";
import { type ChatCompletionsOptions, createChatCompletionsDriver } from "./agent/model/chat-completions/driver.ts";
import { scheduleChecks } from "./agent/model/health/check-schedule.ts";
import { createModelCheck } from "./agent/model/health/model-check.ts";
import { createModelHealth, type ModelReport } from "./agent/model/health/model-health.ts";
import { createApp } from "./http/app.ts";
import { BODIES } from "./http/routing/body.ts";
import { createRespondJson } from "./http/routing/large-response.ts";
import { createExchangeClient } from "./identity/exchange-client.ts";
import { createMcpPort } from "./mcp/remote.ts";
import { createSchemaValidator } from "./mcp/schema-validator.ts";
import { createNeighbourCheck } from "./neighbours.ts";
import { createRunRegistry } from "./runs/registry.ts";

export interface ApiDeps {
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
  model: Me["model"] &
    Pick<ChatCompletionsOptions, "baseURL" | "apiKey" | "headers" | "settings" | "ca" | "proxy"> & {
      timeoutSeconds: number;
      maxRetries: number;
      /** Maximum silence within an answer; 120 s by default. */
      idleSeconds?: number;
    };
  agent: {
    systemPrompt: string | undefined;
    maxSteps: number;
    runTimeoutSeconds: number;
    /** Maximum number of runs at a time, of one user and of this process. */
    maxRunsPerUser: number;
    maxRuns: number;
    /** Maximum duration of a tool call; 15 s by default. */
    toolTimeoutSeconds?: number;
    /** How often a run asks whether its session is alive; 10 s by default. */
    sessionCheckSeconds?: number;
  };
  corsOrigins: readonly string[];
  /** Maximum number of requests of one user per minute at this replica; 0 means no limit. */
  requestsPerMinute: number;
}

export interface Api {
  /** The whole HTTP surface as a web-standard handler. */
  fetch(request: Request): Response | Promise<Response>;
  /** Waits for running answers; see `RunRegistry.drain`. Only for the end of the process. */
  drain(ms: number): Promise<void>;
  /** How the model did last, for the operator. */
  modelReport(): ModelReport;
  /** Begins to check the model now and then, without a question. Returns a function that ends it. */
  checkModel(): () => void;
}

/** Maximum number of tool calls in one run, and of characters of text. */
const TOOL_CALLS_MAX = 16;
const TEXT_MAX = 64_000;

/** What the MCP server answers without a token (RFC 9728). */
const MCP_METADATA_PATH = "/.well-known/oauth-protected-resource/mcp";

/** Puts the API together. Nothing connects before the first request. */
export function buildApi(deps: ApiDeps): Api {
  const { db, log, model, agent } = deps;
  const validator = createSchemaValidator();
  const health = createModelHealth();
  const runs = createRunRegistry({
    db,
    log,
    validator,
    exchange: createExchangeClient({ ...deps.exchange, issuer: deps.issuer }),
    mcp: createMcpPort({ ...deps.mcp, log, validator, callTimeoutMs: (agent.toolTimeoutSeconds ?? 15) * 1000 }),
    driver: health.watch(
      createChatCompletionsDriver({
        ...model,
        model: model.name,
        firstTimeoutMs: model.timeoutSeconds * 1000,
        idleTimeoutMs: (model.idleSeconds ?? 120) * 1000,
        onLesson: (lesson) =>
          log.warn({ lesson }, "the model server refused a request, which is sent in another form now"),
      }),
    ),
    limits: {
      steps: agent.maxSteps,
      toolCalls: TOOL_CALLS_MAX,
      textLength: TEXT_MAX,
      ms: agent.runTimeoutSeconds * 1000,
    },
    sessionCheckMs: (agent.sessionCheckSeconds ?? 10) * 1000,
    manner: agent.systemPrompt,
    slots: { perUser: agent.maxRunsPerUser, total: agent.maxRuns },
  });
  const responses = createResponseBudget();
  const app = createApp({
    db,
    log,
    runs,
    verifier: createTokenVerifier({ issuer: deps.issuer, kind: "api", jwks: deps.jwks }),
    model: { provider: model.provider, name: model.name },
    respondJson: createRespondJson(responses),
    responses,
    holdBody: createHoldBody(BODIES),
    corsOrigins: deps.corsOrigins,
    requestsPerMinute: deps.requestsPerMinute,
    silentNeighbours: createNeighbourCheck({
      addresses: { exchange: deps.exchange.url, mcp: new URL(MCP_METADATA_PATH, deps.mcp.url).href },
    }),
  });
  return { fetch: (request) => app.fetch(request), drain: runs.drain, modelReport: health.report, checkModel };

  function checkModel(): () => void {
    // The built-in model is watched by its pods.
    if (model.provider === "Demo") return () => undefined;
    return scheduleChecks({ check: createModelCheck({ ...model, model: model.name }), health });
  }
}
