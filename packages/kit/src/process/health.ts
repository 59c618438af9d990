import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { withDeadline } from "../failures/deadline.ts";
import { errorText } from "../failures/error-text.ts";

export type HealthServer = {
  port: number;
  /** Makes `/readyz` answer 503, so that no new traffic arrives. */
  drain(): void;
  close(): Promise<void>;
};

/** Maximum duration of a readiness check. A longer one counts as failed. */
const READY_TIMEOUT_MS = 2_000;

export type HealthDeps = {
  /** 0 for any free port. */
  port: number;
  /**
   * Throws when something is missing; the message goes to the log and into the answer. A text that it returns goes into the
   * answer, for people.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most checks return nothing
  ready: () => Promise<string | void> | string | void;
  /** Problems that a restart may cure; none unless given. */
  live?: () => readonly string[];
  /** The content of `/metrics`, which is not served otherwise. */
  metrics?: () => string;
  /** Further paths, each with what it answers as JSON. */
  reports?: Readonly<Record<string, () => object>>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
};

/**
 * `GET /livez` (the process works), `GET /readyz` (its own dependencies), `GET /metrics` and reports on a port of their own,
 * never routed from outside. Concurrent probes share one check.
 */
export async function startHealthServer(deps: HealthDeps): Promise<HealthServer> {
  let draining = false;
  let wasReady = true;
  let running: Promise<Readiness> | undefined;

  const check = (): Promise<Readiness> => {
    running ??= readinessOf(deps.ready).finally(() => {
      running = undefined;
    });
    return running;
  };

  const answerReady = async (response: ServerResponse): Promise<void> => {
    const { problem, note }: Readiness = draining ? { problem: "draining" } : await check();
    if (!draining && (problem === undefined) !== wasReady) {
      wasReady = problem === undefined;
      if (wasReady) deps.log.info({}, "ready again");
      else deps.log.warn({ reason: problem }, "not ready");
    }
    answer(response, "ready", problem, note);
  };

  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD")
      return send(response, 405, { status: "method not allowed" });
    if (path === "/livez") return answer(response, "alive", deps.live?.().join("; ") || undefined);
    if (path === "/readyz") return void answerReady(response);
    const report = path === undefined ? undefined : deps.reports?.[path];
    if (report !== undefined) return send(response, 200, report());
    if (path !== "/metrics" || deps.metrics === undefined) return send(response, 404, { status: "not found" });
    response.writeHead(200, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
      "cache-control": "no-store",
    });
    response.end(deps.metrics());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(deps.port, resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    drain: () => {
      draining = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Why the process is not ready, or what is worth saying though it is. */
type Readiness = { readonly problem?: string; readonly note?: string };

async function readinessOf(ready: HealthDeps["ready"]): Promise<Readiness> {
  const late = () => new Error(`no answer within ${READY_TIMEOUT_MS} ms`);
  try {
    const note = await withDeadline(Promise.resolve().then(ready), READY_TIMEOUT_MS, late);
    return typeof note === "string" && note !== "" ? { note } : {};
  } catch (error) {
    return { problem: errorText(error) };
  }
}

function answer(response: ServerResponse, fine: string, problem: string | undefined, note?: string): void {
  if (problem === undefined) send(response, 200, { status: fine, ...(note === undefined ? {} : { note }) });
  else send(response, 503, { status: `not ${fine}`, reason: problem });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
