import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { secondsUntilRetry } from "@taskassistant/kit/fetch";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { linkedAbort, sleep } from "./abort.ts";
import type { Credentials, KubeConfigSource } from "./config.ts";

export interface TransportRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root of the API server, without its base path. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Default application/json. */
  readonly contentType?: string;
  /** Sending it twice does no harm beyond the work. GETs always are. */
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
  /** A whole answer, whatever its status. Waits out 429 and 5xx that name a Retry-After. */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** An answer to be read as it comes; no retries, no deadline of its own. */
  stream(request: TransportRequest): Promise<TransportStream>;
  /** Ends idle and running connections. */
  close(): Promise<void>;
}

/** One answered or failed request, for metrics; `code` is the HTTP status or `<error>` as client-go has it. */
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
  /** Milliseconds for a request with its answer, default 30,000. */
  readonly timeoutMs?: number;
  /** How often a request is repeated when the server says "later", default 5. */
  readonly maxRetries?: number;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const RETRY_AFTER_LIMIT_MS = 30_000;

/** Builds the transport; connections are opened on first use. */
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
    // Running requests and watches end on the old pool in their own time.
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

  /** Once more with fresh credentials after a 401: tokens and certificates are replaced while we run. */
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
      // The connection is free again only after this turn of the loop: asked at once, the pool would open another one.
      await turn();
      return { status: response.statusCode, retryAfterMs: retryAfterMs(response), text };
    } catch (error) {
      throw link.signal.aborted ? link.signal.reason : error;
    } finally {
      link.release();
    }
  }

  /** A pooled connection may have been closed by the server the moment it was used: one more try where that is safe. */
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
    // HTTP/1.1 keep-alive costs less CPU per request than HTTP/2 here, and a watch never shares a window with writes.
    allowH2: false,
    // Below the API server's own 90 s, above the pause between two lease renewals.
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
