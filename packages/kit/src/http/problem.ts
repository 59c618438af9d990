import { STATUS_CODES } from "node:http";
import type { Problem, ProblemCode } from "@taskassistant/contracts";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Logger } from "../logger.ts";

export type ProblemOptions = {
  /** Sent with the answer, such as `Retry-After` or `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** One entry per wrong field. */
  errors?: { path: string; message: string }[];
  cause?: unknown;
};

/** An error with a known HTTP answer. `detail` is shown to the person: a plain sentence that says what to do. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly headers: Record<string, string>;
  readonly errors: { path: string; message: string }[] | undefined;

  constructor(status: number, code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProblemError";
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
    this.errors = options.errors;
  }
}

/** The `application/problem+json` answer (RFC 9457) of a `ProblemError`. */
export function problemResponse(error: ProblemError, requestId: string): Response {
  const body: Problem = {
    type: `urn:taskassistant:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    code: error.code,
    detail: error.message,
    request_id: requestId,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: {
      ...error.headers,
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-request-id": requestId,
    },
  });
}

/**
 * For `app.onError`: every error becomes a problem+json answer. An unexpected one is logged with its stack and answered
 * by a 500 that says nothing of the inside. `translate` may turn domain errors into a `ProblemError` first.
 */
export function problemHandler(log: Logger, translate?: (error: unknown) => ProblemError | undefined) {
  return (error: unknown, c: Context): Response => {
    const requestId = c.get("requestId") ?? "none";
    const problem = error instanceof ProblemError ? error : (translate?.(error) ?? fromHttpException(error));
    if (problem === undefined) {
      log.error({ err: error, request_id: requestId, method: c.req.method, path: c.req.path }, "request failed");
      return problemResponse(unexpected(), requestId);
    }
    if (problem.status >= 500) log.warn({ err: error, request_id: requestId, path: c.req.path }, "request failed");
    return problemResponse(problem, requestId);
  };
}

/** For `app.notFound`: a 404 in the same shape. */
export function notFoundProblem(c: Context): Response {
  return problemResponse(
    new ProblemError(404, "not_found", `There is nothing at ${c.req.method} ${c.req.path}.`),
    c.get("requestId") ?? "none",
  );
}

function unexpected(): ProblemError {
  return new ProblemError(
    500,
    "internal",
    "Something went wrong on our side. Try again; if it stays, report the request id.",
  );
}

const CODES: Record<number, ProblemCode> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  412: "precondition_failed",
  413: "payload_too_large",
  415: "unsupported_media_type",
  429: "rate_limited",
  503: "unavailable",
};

function fromHttpException(error: unknown): ProblemError | undefined {
  if (!(error instanceof HTTPException) || error.status === 500) return undefined;
  const code = CODES[error.status] ?? (error.status < 500 ? "invalid_request" : "unavailable");
  return new ProblemError(error.status, code, error.message || (STATUS_CODES[error.status] ?? "Error"), {
    cause: error,
  });
}
