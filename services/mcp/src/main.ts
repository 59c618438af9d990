import { createDatabase } from "@taskassistant/db";
import { listen } from "@taskassistant/kit/http";
import { createJwksSource, createTokenVerifier } from "@taskassistant/kit/jwt";
import {
  createLogger,
  parseEnv,
  quotasOf,
  redactEnv,
  runMain,
  runUntilSignal,
  startHealthServer,
} from "@taskassistant/kit/process";
import { buildMcp } from "./build-mcp.ts";
import { envSchema } from "./env.ts";

await runMain(async () => {
  const env = parseEnv(envSchema);
  const log = createLogger({ name: "mcp", level: env.LOG_LEVEL });
  log.info({ env: redactEnv(envSchema, env) }, "starting");

  const db = createDatabase({
    url: env.DATABASE_URL,
    ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
    poolSize: env.DATABASE_POOL_SIZE,
    quotas: quotasOf(env),
    applicationName: "taskassistant-mcp",
    log,
  });
  const issuer = env.BETTER_AUTH_URL;
  const jwks = createJwksSource({ url: env.BETTER_AUTH_JWKS_URL, log });
  const verifier = createTokenVerifier({ issuer, kind: "mcp", jwks });
  const mcp = buildMcp({
    db,
    verifier,
    issuer,
    allowedHosts: env.ALLOWED_HOSTS,
    requestsPerMinute: env.REQUESTS_PER_MINUTE,
    log,
  });

  const health = await startHealthServer({ port: env.HEALTH_PORT, ready: () => db.ready(), log });
  const listener = await listen({ fetch: mcp.fetch, port: env.PORT, log, overrideGlobalObjects: true });
  await runUntilSignal({
    log,
    graceSeconds: env.SHUTDOWN_GRACE_SECONDS,
    stop: [() => health.drain(), () => listener.stop(), () => mcp.close(), () => db.close(), () => health.close()],
  });
});
