import { API_BODY_MAX } from "@taskassistant/contracts/limits";
import { createDatabase } from "@taskassistant/db";
import { listen } from "@taskassistant/kit/http";
import { createJwksSource } from "@taskassistant/kit/jwt";
import {
  createLogger,
  parseEnv,
  quotasOf,
  redactEnv,
  runMain,
  runUntilSignal,
  startHealthServer,
} from "@taskassistant/kit/process";
import { buildApi } from "./build-api.ts";
import { envSchema } from "./env.ts";
import { modelOf } from "./model-env.ts";
import { createReadiness } from "./ready.ts";

/** The part of the grace period that is reserved for storing stopped answers and closing the pool. */
const CLOSING_MS = 5_000;

await runMain(async () => {
  const env = parseEnv(envSchema);
  const log = createLogger({ name: "api", level: env.LOG_LEVEL });
  log.info({ env: redactEnv(envSchema, env) }, "starting");

  const db = createDatabase({
    url: env.DATABASE_URL,
    ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
    poolSize: env.DATABASE_POOL_SIZE,
    quotas: quotasOf(env),
    applicationName: "taskassistant-api",
    log,
  });
  const jwks = createJwksSource({ url: env.BETTER_AUTH_JWKS_URL, log });
  const api = buildApi({
    db,
    jwks,
    log,
    issuer: env.BETTER_AUTH_URL,
    exchange: { url: env.TOKEN_EXCHANGE_URL, clientSecret: env.EXCHANGE_CLIENT_SECRET },
    mcp: { url: env.MCP_SERVER_URL },
    model: {
      ...modelOf(env),
      timeoutSeconds: env.MODEL_TIMEOUT_SECONDS,
      idleSeconds: env.MODEL_IDLE_TIMEOUT_SECONDS,
      maxRetries: env.MODEL_MAX_RETRIES,
    },
    agent: {
      systemPrompt: env.AGENT_SYSTEM_PROMPT,
      maxSteps: env.AGENT_MAX_STEPS,
      runTimeoutSeconds: env.AGENT_TURN_TIMEOUT_SECONDS,
      maxRunsPerUser: env.AGENT_MAX_CONCURRENT_TURNS_PER_USER,
      maxRuns: env.AGENT_MAX_CONCURRENT_TURNS,
    },
    corsOrigins: env.CORS_ORIGINS,
    requestsPerMinute: env.REQUESTS_PER_MINUTE,
  });

  const finishMs = Math.max(env.SHUTDOWN_GRACE_SECONDS * 1000 - CLOSING_MS, 500);
  const health = await startHealthServer({
    port: env.HEALTH_PORT,
    ready: createReadiness({ db, jwks }),
    reports: { "/model": api.modelReport },
    log,
  });
  const listener = await listen({
    fetch: api.fetch,
    port: env.PORT,
    bodyMax: API_BODY_MAX,
    log,
    finishMs: finishMs + CLOSING_MS / 2,
  });

  const endChecks = api.checkModel();

  await runUntilSignal({
    log,
    graceSeconds: env.SHUTDOWN_GRACE_SECONDS,
    stop: [
      () => endChecks(),
      () => health.drain(),
      // Side by side, because the listener waits for the streams and the streams wait for their runs.
      () => Promise.all([listener.stop(), api.drain(finishMs)]).then(() => undefined),
      // Runs that began while the listener still took requests must be stored before the pool closes.
      () => api.drain(0),
      () => health.close(),
      () => db.close(),
    ],
  });
});
