import type { MessageStatus, ProblemCode } from "@taskassistant/contracts";
import { TIME_IS_UP } from "../agent/answer-end.ts";
import { ModelError, type ModelErrorCode } from "../agent/model/errors.ts";
import { ExchangeUnavailableError, SignedOutError } from "../identity/exchange-client.ts";
import { McpUnavailableError } from "../mcp/port.ts";
import { RunAbort, type RunAbortKind } from "./errors.ts";

/** Codes a run can fail with. */
export type RunErrorCode = ModelErrorCode | Extract<ProblemCode, "unauthorized" | "unavailable" | "internal">;

/** How a run ended. `error` is a sentence for the person. */
export interface RunEnd {
  readonly status: MessageStatus;
  readonly error?: string;
  readonly code?: RunErrorCode;
  readonly retryAfterSeconds?: number;
}

/** The end of a run whose answer could not be stored. */
export const NOT_STORED: RunEnd = {
  status: "failed",
  code: "unavailable",
  error: "The answer could not be saved. Any changes it made to your tasks are kept.",
};

/** How a run that threw has ended, with the cause for the log. */
export function endOf(error: unknown, signal: AbortSignal): RunEnd & { readonly cause?: unknown } {
  if (signal.aborted && signal.reason instanceof RunAbort) return abortedEnd(signal.reason.kind);
  if (error instanceof ModelError) {
    const { code, message, retryAfterSeconds, cause } = error;
    return {
      status: "failed",
      code,
      error: message,
      cause,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  if (error instanceof SignedOutError) {
    return { status: "failed", code: "unauthorized", error: "You have been signed out. Sign in and ask again." };
  }
  if (error instanceof ExchangeUnavailableError || error instanceof McpUnavailableError) {
    return {
      status: "failed",
      code: "unavailable",
      error: "Your tasks can't be reached right now. Try again in a moment.",
      cause: error,
    };
  }
  return { status: "failed", code: "internal", error: "Something went wrong on our side. Try again.", cause: error };
}

function abortedEnd(kind: RunAbortKind): RunEnd {
  switch (kind) {
    case "timeout":
      return TIME_IS_UP;
    case "drain":
      return { status: "stopped", error: "The service was restarted before this was finished. Ask again." };
    case "disconnect":
      return { status: "stopped" };
  }
}
