import { z } from "zod";

/**
 * Stable codes of `application/problem+json` (RFC 9457), each with the HTTP status it comes with; the `type` is
 * `urn:taskassistant:problem:<code>`.
 */
export const PROBLEM_STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  /** The user may not store more; `detail` says what is full and how to make room. */
  quota_exceeded: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  /** As many answers are being written, of this person or of all, as may be at a time. */
  too_many_turns: 429,
  model_unavailable: 503,
  model_key_invalid: 502,
  model_timeout: 504,
  unavailable: 503,
  internal: 500,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;
export const PROBLEM_CODES = Object.keys(PROBLEM_STATUS) as ProblemCode[];

/** The body of every error answer. `detail` is a plain sentence that says what to do. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(PROBLEM_CODES),
  detail: z.string(),
  /** Also in the `X-Request-Id` header and in the logs. */
  request_id: z.string(),
  /** One entry per wrong field of the request. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
