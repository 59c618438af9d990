import { isStatus, type Status, type StatusCause } from "./types.ts";

const MESSAGE_LIMIT = 1024;

/**
 * The API server refused a request, or reported an error inside a watch stream.
 * It has no headers and no body, only the fields of a `v1.Status`, with the message cut to 1 KiB. For Secrets it leaves out
 * the message, because validation messages quote the invalid value, unless it is about a quota, a permission or a webhook.
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status, or `Status.code` of an in-stream error. */
  readonly status: number;
  /** `Status.reason` such as `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`; "" when the answer was no Status. */
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(init: {
    status: number;
    reason?: string;
    message: string;
    causes?: readonly StatusCause[];
    retryAfterMs?: number | undefined;
  }) {
    super(init.message.length > MESSAGE_LIMIT ? `${init.message.slice(0, MESSAGE_LIMIT)}...` : init.message);
    this.status = init.status;
    this.reason = init.reason ?? "";
    this.causes = init.causes ?? [];
    this.retryAfterMs = init.retryAfterMs;
  }
}

/** A field of ours that another manager holds, taken from the causes of a server-side-apply conflict. */
export interface FieldConflict {
  readonly manager: string;
  readonly field: string;
}

/** What was requested, for the message, such as `PATCH /apis/apps/v1/namespaces/shop/deployments/demo-api`. */
export interface RequestSubject {
  readonly what: string;
  readonly secret: boolean;
}

/** Builds the error for a decoded answer. Of an answer that is not a Status, only the HTTP status is kept. */
export function apiErrorFrom(
  httpStatus: number,
  body: unknown,
  subject: RequestSubject,
  retryAfterMs?: number,
): ApiError {
  if (!isStatus(body)) {
    return new ApiError({ status: httpStatus, message: `${subject.what}: HTTP ${httpStatus}`, retryAfterMs });
  }
  const status = body.code ?? httpStatus;
  const causes = body.details?.causes ?? [];
  const seconds = body.details?.retryAfterSeconds;
  return new ApiError({
    status,
    reason: body.reason ?? "",
    message: `${subject.what}: ${subject.secret ? describeWithoutValues(body) : (body.message ?? body.reason ?? `HTTP ${status}`)}`,
    causes: subject.secret ? causes.map(({ reason, field }) => withoutMessage(reason, field)) : causes,
    retryAfterMs: retryAfterMs ?? (seconds === undefined ? undefined : seconds * 1000),
  });
}

/** What the API server says about Secrets in words of its own, which quote no value. */
const HARMLESS =
  /exceeded quota: |failed quota: |User "[^"]*" cannot \w+ resource|because it is being terminated|failed calling webhook /;

function describeWithoutValues(status: Status): string {
  if (status.message !== undefined && HARMLESS.test(status.message)) return status.message;
  const fields = (status.details?.causes ?? []).flatMap((cause) => cause.field ?? []);
  const reason = status.reason ?? `HTTP ${status.code ?? "error"}`;
  return fields.length === 0 ? reason : `${reason} (${fields.join(", ")})`;
}

function withoutMessage(reason: string | undefined, field: string | undefined): StatusCause {
  return { ...(reason === undefined ? {} : { reason }), ...(field === undefined ? {} : { field }) };
}

/** The operator has no right to do this, or an admission rule forbids it. */
export function isForbidden(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 403;
}

/** The object does not exist. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** An object of that name exists already. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason === "AlreadyExists";
}

/** A precondition (`resourceVersion`, `uid`) failed, or another manager holds a field. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409 && error.reason !== "AlreadyExists";
}

/** The API server no longer has the requested version, so the caller has to list again. */
export function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 410;
}
