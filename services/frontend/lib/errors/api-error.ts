import { isRecord } from "@taskassistant/contracts/records";
import { secondsUntilRetry } from "@taskassistant/kit/fetch";

/** A refused or failed request. `status` 0: the server could not be reached at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** Seconds until it makes sense to repeat, from `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(fields: { status: number; code: string; detail: string; requestId?: string; retryAfter?: number }) {
    super(fields.detail);
    this.name = "ApiError";
    this.status = fields.status;
    this.code = fields.code;
    this.requestId = fields.requestId;
    this.retryAfter = fields.retryAfter;
  }
}

/** Reads problem+json (RFC 9457) and the errors of Better Auth, whose sentence is a `message`; anything else becomes an error that is still true. */
export async function toApiError(response: Response, now = Date.now()): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const problem = isRecord(body) ? body : {};
  const requestId = text(problem.request_id) ?? response.headers.get("x-request-id") ?? undefined;
  const retryAfter = secondsUntilRetry(response.headers.get("retry-after"), now);
  return new ApiError({
    status: response.status,
    code: text(problem.code) ?? codeOf(response.status),
    detail: text(problem.detail) ?? text(problem.message) ?? "",
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function codeOf(status: number): string {
  const known: Record<number, string> = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    412: "precondition_failed",
    413: "payload_too_large",
    429: "rate_limited",
  };
  return known[status] ?? (status >= 502 && status <= 504 ? "unavailable" : status >= 500 ? "internal" : "unknown");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
