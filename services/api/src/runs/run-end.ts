import type { MessageStatus, ProblemCode } from "@taskassistant/contracts";
import type { Logger } from "@taskassistant/kit/process";
import { TIME_IS_UP } from "../agent/answer-end.ts";
import type { AgentEvent } from "../agent/events.ts";
import { ModelError, type ModelErrorCode } from "../agent/model/errors.ts";
import { keepAnswer } from "../conversations/keep-answer.ts";
import type { ConversationStore, NewAnswer } from "../conversations/store.ts";
import { ExchangeUnavailableError, SignedOutError } from "../identity/exchange-client.ts";
import { McpUnavailableError } from "../mcp/port.ts";
import { RunAbort, type RunAbortKind } from "./errors.ts";
import type { Recorder } from "./recorder.ts";

/** Codes a run can fail with. */
export type RunErrorCode = ModelErrorCode | Extract<ProblemCode, "unauthorized" | "unavailable" | "internal">;

/** How a run ended. `error` is a sentence for the person. */
export interface RunEnd {
  readonly status: MessageStatus;
  readonly error?: string;
  readonly code?: RunErrorCode;
  readonly retryAfterSeconds?: number;
}

/** What the end of a run needs to know about it. */
export interface EndingRun {
  readonly requestId: string;
  readonly conversationId: string;
  readonly answer: Pick<NewAnswer, "id" | "questionId" | "startedAt"> & {
    /** The provider and model that wrote it (`ModelDriver.origin`). */
    readonly origin: string;
  };
  readonly store: Pick<ConversationStore, "addAnswer">;
  readonly recorder: Recorder;
  readonly emit: (event: AgentEvent) => void;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Waits for the answer, which ends by itself or by a throw, logs the end, reports calls without a result and stores the
 * answer. Never throws.
 */
export async function endRun(answering: Promise<RunEnd>, run: EndingRun): Promise<RunEnd> {
  const ended: RunEnd & { cause?: unknown } = await answering.catch((error) => endOf(error, run.signal));
  const { cause, ...end } = ended;
  const level = end.status === "failed" ? "warn" : "info";
  run.log[level]({ err: cause, request_id: run.requestId, ...end }, "run ended");
  for (const event of run.recorder.unfinished()) run.emit(event);
  return (await store(end, run)) ? end : NOT_STORED;
}

async function store({ status, error }: RunEnd, run: EndingRun): Promise<boolean> {
  const { origin, ...answer } = run.answer;
  const whole = {
    ...answer,
    parts: run.recorder.parts(),
    state: { origin, steps: run.recorder.steps() },
    end: { status, ...(error === undefined ? {} : { error }) },
  };
  return keepAnswer(run.store, run.conversationId, whole, run.log);
}

/** The end of a run whose answer could not be stored. */
const NOT_STORED: RunEnd = {
  status: "failed",
  code: "unavailable",
  error: "The answer could not be saved. Any changes it made to your tasks are kept.",
};

/** The end of a run whose session has ended. */
const SIGNED_OUT: RunEnd = {
  status: "failed",
  code: "unauthorized",
  error: "You have been signed out. Sign in and ask again.",
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
  if (error instanceof SignedOutError) return SIGNED_OUT;
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
    case "signed-out":
      return SIGNED_OUT;
    case "disconnect":
      return { status: "stopped" };
  }
}
