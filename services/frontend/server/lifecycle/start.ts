import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { AUTH_BODY_MAX } from "@taskassistant/contracts/limits";
import { backoffMs, errorText } from "@taskassistant/kit/failures";
import { type Listener, listen } from "@taskassistant/kit/http";
import { EnvError, startHealthServer, stopInOrder } from "@taskassistant/kit/process";
import type { Frontend } from "../frontend.ts";
import { believeTrustedProxiesOnly } from "../http/client-address.ts";
import { frontend } from "../instance.ts";
import { pageServer } from "./page-server.ts";

/** Time the cluster needs to remove a pod from its Services. */
const DRAIN_MS = 1_500;
const RETRY_MS = 500;
const RETRY_MAX_MS = 5_000;

/**
 * Starts what runs beside the pages: the health server, the exchange listener and the preparation of the database.
 * Next.js waits for this before it serves requests, so nothing here waits for the database. If the environment is wrong,
 * the process prints all problems and exits.
 */
export async function start(): Promise<void> {
  try {
    const app = frontend();
    const { env, log } = app;
    believeTrustedProxiesOnly(env.TRUSTED_PROXIES);
    const health = await startHealthServer({ port: env.HEALTH_PORT, ready: app.ready, log });
    const exchange = await listen({
      fetch: app.exchange.fetch,
      port: env.EXCHANGE_PORT,
      log,
      drainMs: DRAIN_MS,
      bodyMax: AUTH_BODY_MAX,
    });
    void prepareUntilDone(app);
    if (process.env.NODE_ENV === "production") takeOverSignals(app, health, exchange);
  } catch (error) {
    giveUp(error instanceof EnvError ? error.message : String(error));
  }
}

/** Ends the process. Kubernetes and the operator show the reason with the pod; outside of a pod the file does not exist. */
function giveUp(reason: string): never {
  process.stderr.write(`${reason}\n`);
  try {
    writeFileSync("/dev/termination-log", reason, { flag: "r+" });
  } catch {
    // Not in a pod; standard error has it.
  }
  process.exit(1);
}

async function prepareUntilDone(app: Frontend): Promise<void> {
  let lastReason = "";
  for (let attempt = 0; ; attempt++) {
    try {
      await app.prepare();
      app.log.info("prepared");
      return;
    } catch (error) {
      // Another try would fail as well: a person has to change the environment.
      if (error instanceof EnvError) giveUp(error.message);
      const reason = errorText(error);
      if (reason !== lastReason) app.log.warn({ err: error }, "not prepared yet; trying again");
      lastReason = reason;
      await sleep(backoffMs(attempt, { firstMs: RETRY_MS, maxMs: RETRY_MAX_MS }));
    }
  }
}

interface Stoppable {
  drain(): void;
  close(): Promise<void>;
}

/** Replaces the signal handlers of Next.js, which exit at once and lose keep-alive requests. */
function takeOverSignals(app: Frontend, health: Stoppable, exchange: Listener): void {
  const { env, log } = app;
  const graceSeconds = env.SHUTDOWN_GRACE_SECONDS;
  const finishMs = Math.max(graceSeconds * 1_000 - DRAIN_MS - 1_000, 0);
  const pages = { log, drainMs: DRAIN_MS, finishMs };
  for (const signal of ["SIGTERM", "SIGINT"]) process.removeAllListeners(signal);
  void stopInOrder({
    log,
    graceSeconds,
    stop: [
      () => health.drain(),
      () => together(pageServer()?.stop(pages), exchange.stop()),
      () => together(health.close(), app.close()),
    ],
  });
}

/** Waits for all, then throws the first error. */
async function together(...works: (Promise<void> | undefined)[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
