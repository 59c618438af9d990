import { z } from "zod";

/** Stable codes of `application/problem+json` (RFC 9457); the `type` is `urn:taskassistant:problem:<code>`. */
export const PROBLEM_CODES = [
  "invalid_request",
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "precondition_failed",
  "payload_too_large",
  "unsupported_media_type",
  "rate_limited",
  "model_unavailable",
  "model_key_invalid",
  "model_timeout",
  "unavailable",
  "internal",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

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
