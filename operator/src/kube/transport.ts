import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { secondsUntilRetry } from "@taskassistant/kit/fetch";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { linkedAbort, sleep } from "./abort.ts";
import type { Credentials, KubeConfigSource } from "./config.ts";

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path below the base path of the API server. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Default: application/json. */
  readonly contentType?: string;
  /** Whether the request may be sent twice. A GET always may. */
  readonly repeatable?: boolean;
  readonly signal: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly text: string;
}

export interface TransportStream {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  text(): Promise<string>;
}

/** HTTP to one API server over one shared connection pool. */
export interface Transport {
  /** The whole answer, of any status. After a 429, or a 5xx with Retry-After, it waits and repeats the request. */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** An answer to read while it arrives, without retries and without a deadline. */
  stream(request: TransportRequest): Promise<TransportStream>;
  /** Ends idle and running connections. */
  close(): Promise<void>;
}

/** One answered or failed request, for metrics. `code` is the HTTP status, or `<error>` as in client-go. */
export interface RequestObservation {
  readonly method: string;
  readonly host: string;
  readonly code: string;
  readonly seconds: number;
}

export interface TransportDeps {
  readonly config: KubeConfigSource;
  readonly userAgent: string;
  readonly onRequest?: (observation: RequestObservation) => void;
  /** Called with the text of each RFC 7234 `Warning` header the server sends. */
  readonly onWarning?: (text: string) => void;
  /** Maximum milliseconds for a request and its answer; default 30,000. */
  readonly timeoutMs?: number;
  /** How often a request is repeated when the server asks to wait; default 5. */
  readonly maxRetries?: number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const RETRY_AFTER_LIMIT_MS = 30_000;

/** Builds the transport. It opens connections on first use. */
export function createTransport(deps: TransportDeps): Transport {
  const wait = deps.sleep ?? sleep;
  const timeoutMs = deps.timeoutMs ?? 30_000;
  const maxRetries = deps.maxRetries ?? 5;
  let pool: { readonly fingerprint: string; readonly dispatcher: Dispatcher } | undefined;

  function dispatcherFor(credentials: Credentials): Dispatcher {
    const fingerprint = fingerprintOf(credentials);
    if (pool?.fingerprint === fingerprint) return pool.dispatcher;
    const previous = pool;
    pool = { fingerprint, dispatcher: openPool(credentials) };
    // Requests and watches that are under way finish on the old pool.
    previous?.dispatcher.close().catch(() => undefined);
    return pool.dispatcher;
  }

  async function send(request: TransportRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const credentials = await deps.config.credentials();
    const server = new URL(credentials.server);
    const started = performance.now();
    const observe = (code: string) =>
      deps.onRequest?.({
        method: request.method,
        host: server.host,
        code,
        seconds: (performance.now() - started) / 1000,
      });
    try {
      const response = await dispatcherFor(credentials).request({
        origin: server.origin,
        path: `${server.pathname.replace(/\/$/, "")}${request.path}${queryString(request.query)}`,
        method: request.method,
        headers: {
          ...credentials.headers,
          accept: "application/json",
          "user-agent": deps.userAgent,
          ...(request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" }),
        },
        body: request.body ?? null,
        signal,
      });
      observe(String(response.statusCode));
      if (deps.onWarning !== undefined) for (const text of warnings(response.headers.warning)) deps.onWarning(text);
      return response;
    } catch (error) {
      observe("<error>");
      throw signal.aborted ? signal.reason : error;
    }
  }

  /** Repeats a request once with fresh credentials after a 401, because tokens and certificates expire. */
  async function sendAuthorized(request: TransportRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const response = await send(request, signal);
    if (response.statusCode !== 401) return response;
    await response.body.dump();
    deps.config.invalidate();
    return send(request, signal);
  }

  async function attempt(request: TransportRequest): Promise<TransportResponse> {
    const link = linkedAbort(request.signal, timeoutMs);
    try {
      const response = await sendAuthorized(request, link.signal);
      const text = await response.body.text();
      // The connection is free only after this turn of the event loop. A request in the same turn would open another one.
      await turn();
      return { status: response.statusCode, retryAfterMs: retryAfterMs(response), text };
    } catch (error) {
      throw link.signal.aborted ? link.signal.reason : error;
    } finally {
      link.release();
    }
  }

  /** Repeats a request once if that is safe, because the server may close a pooled connection at the moment of its use. */
  async function attemptSafely(request: TransportRequest): Promise<TransportResponse> {
    try {
      return await attempt(request);
    } catch (error) {
      const repeatable = request.method === "GET" || request.repeatable === true;
      if (!repeatable || request.signal.aborted || !isBrokenConnection(error)) throw error;
      return attempt(request);
    }
  }

  return {
    async request(request) {
      for (let retries = 0; ; retries += 1) {
        const response = await attemptSafely(request);
        const delay = response.retryAfterMs;
        const later = response.status === 429 || (response.status >= 500 && delay !== undefined);
        if (!later || retries === maxRetries) return response;
        await wait(Math.min(delay ?? 1000, RETRY_AFTER_LIMIT_MS), request.signal);
      }
    },
    async stream(request) {
      const response = await sendAuthorized(request, request.signal);
      return {
        status: response.statusCode,
        retryAfterMs: retryAfterMs(response),
        chunks: response.body,
        text: () => response.body.text(),
      };
    },
    async close() {
      const last = pool;
      pool = undefined;
      await last?.dispatcher.destroy();
    },
  };
}

function openPool(credentials: Credentials): Dispatcher {
  const options = {
    // HTTP/1.1 keep-alive costs less CPU per request than HTTP/2, and a watch shares no flow-control window with writes.
    allowH2: false,
    // Shorter than the API server's 90 s, and longer than the pause between two lease renewals.
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const tls = credentials.tls;
  if (credentials.proxyUrl !== undefined) {
    return new ProxyAgent({ ...options, uri: credentials.proxyUrl, requestTls: tls });
  }
  return new Agent({
    ...options,
    connect: { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 },
  });
}

function fingerprintOf({ server, proxyUrl, tls }: Credentials): string {
  const parts = [server, proxyUrl, tls.ca, tls.cert, tls.key, tls.servername, tls.rejectUnauthorized];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${String(part ?? "").length}:${String(part ?? "")}`);
  return hash.digest("hex");
}

function queryString(query: TransportRequest["query"]): string {
  const set = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) set.set(name, value);
  return set.size === 0 ? "" : `?${set}`;
}

/** How long the API server asks to wait, in milliseconds. */
function retryAfterMs(response: Dispatcher.ResponseData): number | undefined {
  const seconds = secondsUntilRetry([response.headers["retry-after"]].flat()[0], Date.now());
  return seconds === undefined ? undefined : seconds * 1_000;
}

function warnings(header: string | string[] | undefined): string[] {
  return [header ?? []].flat().map((value) => /"((?:[^"\\]|\\.)*)"/.exec(value)?.[1] ?? value);
}

function isBrokenConnection(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}
