import { randomUUID } from "node:crypto";
import type { jsonSchemaValidator } from "@modelcontextprotocol/client";
import { API_CLIENT_ID, type MessageStatus } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import type { Logger } from "@taskassistant/kit";
import { keepAnswer } from "../conversations/keep-answer.ts";
import { conversationsFor } from "../conversations/store.ts";
import type { ExchangeClient } from "../identity/exchange-client.ts";
import type { McpPort, McpSession } from "../mcp/port.ts";
import { createTokenSource } from "../identity/token-source.ts";
import { TurnAbort, type TurnErrorCode } from "../agent/model/errors.ts";
import { historyFor } from "../agent/history.ts";
import { type LoopEnd, type LoopLimits, runLoop } from "../agent/loop.ts";
import type { ModelDriver, TurnEvent } from "../agent/model/driver.ts";
import { systemPrompt } from "../agent/prompt.ts";
import { createRecorder } from "./recorder.ts";
import { createToolAdapter } from "../agent/tools/adapter.ts";
import { createToolRunner, type InjectionAttempt } from "../agent/tools/runner.ts";
import { endOf } from "./ending.ts";

export type TurnDeps = {
  db: Database;
  exchange: ExchangeClient;
  mcp: McpPort;
  driver: ModelDriver;
  validator: jsonSchemaValidator;
  limits: LoopLimits & { turnMs: number };
  /** Replaces the built-in manner of the system prompt. */
  manner: string | undefined;
  log: Logger;
};

export type TurnRequest = {
  userId: string;
  apiToken: string;
  /** `jti` of the API token, for the audit. */
  jti: string;
  requestId: string;
  conversationId: string;
  message: string;
  timeZone: string;
};

/** How a turn ended. `error` is a sentence for the person. */
export type TurnEnd = {
  status: MessageStatus;
  error?: string;
  code?: TurnErrorCode;
  retryAfterSeconds?: number;
};

/** A turn whose user message is stored. Run it exactly once. */
export type Turn = {
  conversationId: string;
  /** Id of the assistant's message. */
  messageId: string;
  startedAt: Date;
  /** Runs to the end and stores the assistant's message. Never throws. */
  run(emit: (event: TurnEvent) => void): Promise<TurnEnd>;
  /** Everything said so far. */
  text(): string;
  abort(kind: TurnAbort["kind"]): void;
};

/** What is read for the history, which then cuts it to its own budget. */
const HISTORY = { count: 80, bytes: 512 * 1024 };

/**
 * Starts a turn: exchanges the API token for a run grant, so that a person who signed out gets no further, then stores
 * the message of the person. Throws `SignedOutError`, `ExchangeUnavailableError` or the database's errors.
 */
export async function beginTurn(deps: TurnDeps, request: TurnRequest): Promise<Turn> {
  const controller = new AbortController();
  const { signal } = controller;
  const question = { id: randomUUID(), text: request.message };
  const messageId = randomUUID();
  const startedAt = new Date();
  const deadline = setTimeout(() => controller.abort(new TurnAbort("timeout")), deps.limits.turnMs);
  const store = conversationsFor(deps.db, request.userId);
  const recorder = createRecorder();

  const prepare = async () => {
    const grant = await deps.exchange.runGrant(request.apiToken, messageId, signal);
    await store.addUserMessage(request.conversationId, question);
    return grant.token;
  };
  const runGrant = await prepare().catch((error) => {
    clearTimeout(deadline);
    throw error;
  });

  const onInjection = async (attempt: InjectionAttempt) => {
    deps.log.warn(
      { tool: attempt.tool, property: attempt.property, request_id: request.requestId },
      "injected argument refused",
    );
    await deps.db.appendAudit({
      userId: request.userId,
      actor: API_CLIENT_ID,
      clientId: API_CLIENT_ID,
      action: attempt.tool,
      outcome: "refused",
      reason: "injected_argument",
      arguments: attempt.arguments,
      jti: request.jti,
      requestId: request.requestId,
    });
  };

  const converse = async (emit: (event: TurnEvent) => void): Promise<LoopEnd> => {
    let session: McpSession | undefined;
    try {
      const auth = createTokenSource({ exchange: deps.exchange, runGrant, signal });
      const [opened, messages] = await Promise.all([
        deps.mcp.open(auth, { signal, requestId: request.requestId }),
        store.messages(request.conversationId, HISTORY),
      ]);
      session = opened;
      const adapter = createToolAdapter({
        tools: session.tools,
        injected: { sub: request.userId },
        validator: deps.validator,
      });
      const tools = createToolRunner({ adapter, session, emit, onInjection });
      const prompt = systemPrompt({ now: startedAt, zone: request.timeZone, manner: deps.manner });
      return await runLoop(
        { driver: deps.driver, tools, limits: deps.limits, emit },
        { messages: [{ role: "system", content: prompt }, ...historyFor(messages, question)], signal },
      );
    } finally {
      await session?.close().catch(() => undefined);
    }
  };

  const run = async (show: (event: TurnEvent) => void): Promise<TurnEnd> => {
    const emit = (event: TurnEvent) => {
      recorder.record(event);
      show(event);
    };
    const ended: TurnEnd & { cause?: unknown } = await converse(emit).catch((error) => endOf(error, signal));
    clearTimeout(deadline);
    const { cause, ...end } = ended;
    const level = end.status === "failed" ? "warn" : "info";
    deps.log[level]({ err: cause, request_id: request.requestId, ...end }, "turn ended");
    for (const event of recorder.unfinished()) emit(event);
    return (await keep(end)) ? end : { status: "failed", code: "unavailable", error: NOT_STORED };
  };

  const keep = async (end: TurnEnd): Promise<boolean> => {
    const { status, error } = end;
    const message = {
      id: messageId,
      questionId: question.id,
      parts: recorder.parts(),
      end: { status, ...(error === undefined ? {} : { error }) },
      startedAt,
    };
    return keepAnswer(store, request.conversationId, message, deps.log);
  };

  return {
    conversationId: request.conversationId,
    messageId,
    startedAt,
    run,
    text: recorder.text,
    abort: (kind) => controller.abort(new TurnAbort(kind)),
  };
}

const NOT_STORED = "The answer could not be saved. What it changed stays changed: look at your tasks.";
