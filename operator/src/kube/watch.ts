import { linkedAbort } from "./abort.ts";
import { apiErrorFrom, type RequestSubject } from "./errors.ts";
import type { Transport } from "./transport.ts";
import type { KubeObject } from "./types.ts";

/** One event of a watch. A bookmark only moves the version from which a watch resumes. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/** The connection is open, but has been silent for longer than a healthy server would be. */
export class WatchStalledError extends Error {
  override readonly name = "WatchStalledError";
}

/** The stream ended inside a line, or contained something that is not a watch event. */
export class WatchProtocolError extends Error {
  override readonly name = "WatchProtocolError";
}

export interface WatchStreamOptions {
  readonly transport: Transport;
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly subject: RequestSubject;
  readonly signal: AbortSignal;
  /** Milliseconds without a byte; default 150,000, because bookmarks arrive about once a minute. */
  readonly byteDeadlineMs?: number;
  readonly onBytes?: () => void;
}

const CONNECT_DEADLINE_MS = 30_000;
const LINE_LIMIT = 64 * 1024 * 1024;

/**
 * One WATCH request as a sequence of events. It ends when the server closes the stream. It throws `ApiError` for an HTTP
 * error or an in-stream ERROR event (410 means that the caller has to list again), `WatchStalledError`,
 * `WatchProtocolError`, the transport's error for a broken connection, or the signal's reason.
 */
export async function* watchStream<T extends KubeObject>(options: WatchStreamOptions): AsyncGenerator<WatchEvent<T>> {
  const deadlineMs = options.byteDeadlineMs ?? 150_000;
  const link = linkedAbort(options.signal);
  const stalled = (ms: number) => () =>
    link.abort(new WatchStalledError(`${options.subject.what}: silent for ${ms} ms`));
  let timer = setTimeout(stalled(CONNECT_DEADLINE_MS), CONNECT_DEADLINE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(stalled(deadlineMs), deadlineMs);
    options.onBytes?.();
  };
  try {
    const response = await options.transport.stream({
      method: "GET",
      path: options.path,
      query: options.query,
      signal: link.signal,
    });
    if (response.status !== 200) {
      throw apiErrorFrom(response.status, parseOr(await response.text()), options.subject, response.retryAfterMs);
    }
    heard();
    for await (const line of lines(response.chunks, heard)) {
      yield eventOf<T>(line, options.subject);
    }
  } catch (error) {
    // Undici wraps or replaces the abort reason, which distinguishes a stalled stream from a stopped one.
    if (link.signal.aborted) throw link.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    link.abort(new DOMException("the watch is over", "AbortError"));
    link.release();
  }
}

async function* lines(chunks: AsyncIterable<Uint8Array>, heard: () => void): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    heard();
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      const line = Buffer.concat(parts).toString("utf8");
      parts = [];
      held = 0;
      from = end + 1;
      if (line.trim() !== "") yield line;
    }
    if (from < chunk.length) {
      parts.push(chunk.subarray(from));
      held += chunk.length - from;
      if (held > LINE_LIMIT) throw new WatchProtocolError(`a line of more than ${LINE_LIMIT} bytes`);
    }
  }
  const rest = Buffer.concat(parts).toString("utf8").trim();
  if (rest !== "") throw new WatchProtocolError("the stream ended inside an event");
}

function eventOf<T extends KubeObject>(line: string, subject: RequestSubject): WatchEvent<T> {
  const event = parseOr(line) as { type?: unknown; object?: T } | undefined;
  const object = event?.object;
  if (object === undefined || object === null || typeof object !== "object") {
    throw new WatchProtocolError(`${subject.what}: a line is not a watch event`);
  }
  switch (event?.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { type: event.type, object };
    case "BOOKMARK":
      return { type: "BOOKMARK", resourceVersion: object.metadata?.resourceVersion ?? "" };
    case "ERROR":
      throw apiErrorFrom(500, object, subject);
    default:
      throw new WatchProtocolError(`${subject.what}: an event of unknown type`);
  }
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
