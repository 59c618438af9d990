import type { ProblemCode } from "@taskassistant/contracts";

/** The ways in which a model call can fail. */
export type ModelErrorCode = Extract<
  ProblemCode,
  "model_unavailable" | "model_key_invalid" | "model_timeout" | "rate_limited"
>;

/** A model call failed. The message is a plain sentence for the person; the cause is for the log. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code: ModelErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ModelErrorCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
