import { STATUS_CODES } from "node:http";
import { PROBLEM_CODES, PROBLEM_STATUS, type Problem, type ProblemCode } from "@taskassistant/contracts";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { BodyError, BodyTooLargeError } from "../fetch/read-text.ts";
import type { Logger } from "../process/logger.ts";

export type ProblemOptions = {
  /** Another status than the code usually comes with, such as 405 or 502. */
  status?: number;
  /** Sent with the answer, such as `Retry-After` or `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** One entry per wrong field. */
  errors?: { path: string; message: string }[];
  /** Further members of the body (RFC 9457, section 3.2). */
  extensions?: Record<string, unknown>;
  cause?: unknown;
};

/** An error with a known HTTP answer. `detail` is shown to the person: a plain sentence that says what to do. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly headers: Record<string, string>;
  readonly errors: { path: string; message: string }[] | undefined;
  readonly extensions: Record<string, unknown>;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProblemError";
    this.status = options.status ?? PROBLEM_STATUS[code];
    this.code = code;
    this.headers = options.headers ?? {};
    this.errors = options.errors;
    this.extensions = options.extensions ?? {};
  }
}

/** The `application/problem+json` answer (RFC 9457) of a `ProblemError`. */
export function problemResponse(error: ProblemError, requestId: string): Response {
  const body: Problem = {
    ...error.extensions,
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

/** The 413 for a body that is too large, or the 400 for one that ended early. The connection is closed: its rest stays unread. */
export function bodyProblem(error: BodyError): ProblemError {
  const headers = { connection: "close" };
  if (!(error instanceof BodyTooLargeError)) {
    const detail = "The body ended before it was complete. Send the request again.";
    return new ProblemError("invalid_request", detail, { headers, cause: error });
  }
  const detail = `The body is larger than ${error.maxBytes / 1024} KB. Send less at once.`;
  return new ProblemError("payload_too_large", detail, { headers, cause: error });
}

/**
 * For `app.onError`: every error becomes a problem+json answer. An unexpected one is logged with its stack and answered
 * with a 500 without details. `translate` may turn domain errors into a `ProblemError` first.
 */
export function problemHandler(log: Logger, translate?: (error: unknown) => ProblemError | undefined) {
  return (error: unknown, c: Context): Response => {
    const requestId = c.get("requestId") ?? "none";
    const problem = known(error) ?? translate?.(error) ?? fromHttpException(error);
    if (problem === undefined) {
      log.error({ err: error, request_id: requestId, method: c.req.method, path: c.req.path }, "request failed");
      return problemResponse(unexpected(), requestId);
    }
    if (problem.status >= 500) log.warn({ err: error, request_id: requestId, path: c.req.path }, "request failed");
    return problemResponse(problem, requestId);
  };
}

function known(error: unknown): ProblemError | undefined {
  if (error instanceof BodyError) return bodyProblem(error);
  return error instanceof ProblemError ? error : undefined;
}

/** For `app.notFound`: a 404 in the same shape. */
export function notFoundProblem(c: Context): Response {
  return problemResponse(
    new ProblemError("not_found", `There is nothing at ${c.req.method} ${c.req.path}.`),
    c.get("requestId") ?? "none",
  );
}

function unexpected(): ProblemError {
  return new ProblemError(
    "internal",
    "Something went wrong on our side. Try again; if it stays, report the request id.",
  );
}

function fromHttpException(error: unknown): ProblemError | undefined {
  if (!(error instanceof HTTPException) || error.status === 500) return undefined;
  const { status } = error;
  const fitting = PROBLEM_CODES.find((code) => PROBLEM_STATUS[code] === status) ?? "invalid_request";
  const detail = error.message || (STATUS_CODES[status] ?? "Error");
  return new ProblemError(status < 500 ? fitting : "unavailable", detail, { status, cause: error });
}
