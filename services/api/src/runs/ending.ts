import { ExchangeUnavailableError, SignedOutError } from "../identity/exchange-client.ts";
import { McpUnavailableError } from "../mcp/port.ts";
import { TurnAbort, TurnError } from "../agent/model/errors.ts";
import type { TurnEnd } from "./run.ts";

/** How a turn that threw has ended, with the cause for the log. */
export function endOf(error: unknown, signal: AbortSignal): TurnEnd & { cause?: unknown } {
  if (signal.aborted && signal.reason instanceof TurnAbort) return abortedEnd(signal.reason.kind);
  if (error instanceof TurnError) {
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

function abortedEnd(kind: TurnAbort["kind"]): TurnEnd {
  if (kind === "timeout") return { status: "limited", error: "This took too long and was stopped. Ask me to go on." };
  if (kind === "drain")
    return { status: "stopped", error: "The service was restarted before this was finished. Ask again." };
  return { status: "stopped" };
}
