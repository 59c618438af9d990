import { randomUUID } from "node:crypto";
import type { AgentEvent } from "../agent/events.ts";
import { conversationsFor } from "../conversations/store.ts";
import type { ExpiringToken } from "../identity/exchange-client.ts";
import { watchSession } from "../identity/session-watch.ts";
import { type AnsweringDeps, answerQuestion } from "./answering.ts";
import { RunAbort, type RunAbortKind } from "./errors.ts";
import { createRecorder } from "./recorder.ts";
import type { RunRequest } from "./request.ts";
import { endRun, type RunEnd } from "./run-end.ts";

export interface RunDeps extends AnsweringDeps {
  /** How often a run asks whether its session is alive. */
  readonly sessionCheckMs: number;
}

/** The server's work on one question, which is stored already. Call `finish` exactly once. */
export interface Run {
  readonly conversationId: string;
  /** Id of the message that becomes the answer. */
  readonly answerId: string;
  readonly startedAt: Date;
  /** Works to the end and stores the answer. Never throws. */
  finish(emit: (event: AgentEvent) => void): Promise<RunEnd>;
  /** Everything the assistant has said so far. */
  text(): string;
  abort(kind: RunAbortKind): void;
}

/**
 * Begins a run. It exchanges the API token for a run grant first, so that a person who has signed out gets no further, and
 * then stores the question. Throws `SignedOutError`, `ExchangeUnavailableError` or the database's errors.
 */
export async function beginRun(deps: RunDeps, request: RunRequest): Promise<Run> {
  const controller = new AbortController();
  const { signal } = controller;
  const deadline = setTimeout(() => controller.abort(new RunAbort("timeout")), deps.limits.ms);
  const deadlineAt = performance.now() + deps.limits.ms;
  const startedAt = new Date();
  const answerId = randomUUID();
  const question = { id: randomUUID(), text: request.message };
  const store = conversationsFor(deps.db, request.userId);
  const recorder = createRecorder();

  const runGrant = await prepare().catch((error) => {
    clearTimeout(deadline);
    throw error;
  });

  return {
    conversationId: request.conversationId,
    answerId,
    startedAt,
    finish,
    text: recorder.text,
    abort: (kind) => controller.abort(new RunAbort(kind)),
  };

  async function prepare(): Promise<ExpiringToken> {
    const grant = await deps.exchange.runGrant(request.apiToken, answerId, signal);
    await store.addQuestion(request.conversationId, question);
    return grant;
  }

  async function finish(show: (event: AgentEvent) => void): Promise<RunEnd> {
    const emit = (event: AgentEvent) => {
      recorder.record(event);
      show(event);
    };
    const stopWatching = watchSession({
      exchange: deps.exchange,
      runGrant,
      everyMs: deps.sessionCheckMs,
      signal,
      onEnded: () => controller.abort(new RunAbort("signed-out")),
    });
    const work = { request, question, runGrant: runGrant.token, startedAt, deadlineAt, store, emit, signal };
    const answering = answerQuestion(deps, work).finally(() => {
      clearTimeout(deadline);
      stopWatching();
    });
    const answer = { id: answerId, questionId: question.id, origin: deps.driver.origin, startedAt };
    const { requestId, conversationId } = request;
    return endRun(answering, { requestId, conversationId, answer, store, recorder, emit, signal, log: deps.log });
  }
}
