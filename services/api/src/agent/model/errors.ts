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

/**
 * An error as the provider told it: an HTTP status other than 2xx with its body, or an error inside an answer that began
 * with 200. Drivers throw it; `modelErrorOf` turns it into a sentence.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  /** The HTTP status; for an error inside an answer the status it names itself, or undefined. */
  readonly status: number | undefined;
  /** The parsed JSON of the error, or its text where it is no JSON. Untrusted, may quote the key. */
  readonly body: unknown;
  readonly headers: Headers;

  constructor(options: { status: number | undefined; body: unknown; headers?: Headers }) {
    super(`the model provider answered with an error (${options.status ?? "no status"})`);
    this.status = options.status;
    this.body = options.body;
    this.headers = options.headers ?? new Headers();
  }
}

/** There was no answer, or the connection was lost in the middle of one. The cause is the error of the network. */
export class ProviderUnreachableError extends Error {
  override readonly name = "ProviderUnreachableError";
}

/** Who can mend what is wrong with the configuration, as the beginning of a sentence. */
export const ASK_ADMINISTRATOR = "Ask the administrator of this assistant";

/** What the person reads when the model could not call a tool. */
export const FAILED_CALL = "The model tried to use a tool and failed. Try again.";

/** The answer ended before it was whole. `cause` is for the log. */
export function brokeOff(cause?: unknown): ModelError {
  return new ModelError("model_unavailable", "The model's answer broke off. Try again.", { cause });
}

/** A question that the provider's content filter refused. The history leaves it out, or it would be refused for ever. */
export const FILTERED_QUESTION = "The model provider's content filter refused this question. Ask it in other words.";

/**
 * The model tried to use a tool and failed: the server could not read its call, or what it wrote as a call can't be run.
 * Servers tell it as an error or as a finish reason, and both mean the same.
 */
export function failedCall(): ProviderError {
  return new ProviderError({ status: undefined, body: { error: { code: "malformed_function_call" } } });
}
