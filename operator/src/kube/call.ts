import { apiErrorFrom, type RequestSubject } from "./errors.ts";
import type { Resource } from "./resources.ts";
import type { Transport, TransportRequest } from "./transport.ts";

/** Every call can be cancelled. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/**
 * Sends one request and resolves with the JSON of its answer. Rejects with `ApiError` when the server refuses, with the
 * signal's reason when cancelled, and with the transport's error when no answer arrived (a write may then have happened).
 */
export type Call = <T>(resource: Resource, request: TransportRequest) => Promise<T>;

/** Builds a `Call` on a transport. */
export function createCall(transport: Transport): Call {
  return async <T>(resource: Resource, request: TransportRequest): Promise<T> => {
    const response = await transport.request(request);
    const body = parse(response.text);
    if (response.status >= 200 && response.status < 300) {
      if (body === undefined) throw new Error(`${subject(resource, request).what}: the answer is not complete JSON`);
      return body as T;
    }
    throw apiErrorFrom(response.status, body, subject(resource, request), response.retryAfterMs);
  };
}

function subject(resource: Resource, request: TransportRequest): RequestSubject {
  return { what: `${request.method} ${request.path}`, secret: resource.kind === "Secret" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
