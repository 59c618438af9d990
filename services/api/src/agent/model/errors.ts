import type { ProblemCode } from "@taskassistant/contracts";

/** Codes a turn can fail with. */
export type TurnErrorCode = Extract<
  ProblemCode,
  | "unauthorized"
  | "model_unavailable"
  | "model_key_invalid"
  | "model_timeout"
  | "rate_limited"
  | "unavailable"
  | "internal"
>;

/** Ends a turn as `failed`. The message is a plain sentence for the person; the cause is for the log. */
export class TurnError extends Error {
  readonly code: TurnErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: TurnErrorCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TurnError";
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** No further turn can start now: the person, or this process, has as many running as it may. */
export class TooManyTurnsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TooManyTurnsError";
  }
}

/** Why a turn was told to end: the reason of its AbortController. */
export class TurnAbort extends Error {
  readonly kind: "disconnect" | "drain" | "timeout";

  constructor(kind: "disconnect" | "drain" | "timeout") {
    super(`the turn was ended: ${kind}`);
    this.name = "TurnAbort";
    this.kind = kind;
  }
}
