import type { jsonSchemaValidator } from "@modelcontextprotocol/client";
import { API_CLIENT_ID } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import type { Logger } from "@taskassistant/kit/process";
import type { AgentEvent } from "../agent/events.ts";
import { historyFor } from "../agent/history.ts";
import { runAgent } from "../agent/loop.ts";
import type { AgentMessage, ModelDriver } from "../agent/model/driver.ts";
import { systemPrompt } from "../agent/prompt.ts";
import { type AgentEnd, type AgentLimits, initialState } from "../agent/state.ts";
import { createToolAdapter } from "../agent/tools/adapter.ts";
import { createToolRunner, type InjectionAttempt } from "../agent/tools/runner.ts";
import type { ConversationStore } from "../conversations/store.ts";
import type { ExchangeClient } from "../identity/exchange-client.ts";
import { createTokenSource } from "../identity/token-source.ts";
import type { McpPort, McpSession } from "../mcp/port.ts";
import type { RunRequest } from "./request.ts";

export interface AnsweringDeps {
  readonly db: Database;
  readonly exchange: ExchangeClient;
  readonly mcp: McpPort;
  readonly driver: ModelDriver;
  readonly validator: jsonSchemaValidator;
  readonly limits: AgentLimits;
  /** Replaces the built-in manner of the system prompt. */
  readonly manner: string | undefined;
  readonly log: Logger;
}

/** What the run knows when its question is stored. */
export interface Answering {
  readonly request: RunRequest;
  readonly question: { readonly id: string; readonly text: string };
  readonly runGrant: string;
  readonly startedAt: Date;
  /** When the run's time is up, on the clock of `performance.now()`. */
  readonly deadlineAt: number;
  readonly store: Pick<ConversationStore, "messages">;
  readonly emit: (event: AgentEvent) => void;
  readonly signal: AbortSignal;
}

/** How much is read for the history, which then keeps to its own budget. */
const HISTORY = { count: 80, bytes: 512 * 1024 };

/** Connects the agent to its tools and its history, and lets it answer the question. Throws like `runAgent`. */
export async function answerQuestion(deps: AnsweringDeps, work: Answering): Promise<AgentEnd> {
  const { request, emit, signal } = work;
  const auth = createTokenSource({ exchange: deps.exchange, runGrant: work.runGrant, signal });
  let session: McpSession | undefined;
  try {
    const [opened, messages] = await Promise.all([
      deps.mcp.open(auth, { signal, requestId: request.requestId }),
      work.store.messages(request.conversationId, HISTORY),
    ]);
    session = opened;
    const adapter = createToolAdapter({
      tools: session.tools,
      injected: { sub: request.userId },
      validator: deps.validator,
    });
    const onInjection = (attempt: InjectionAttempt) => auditInjection(deps, request, attempt);
    const tools = createToolRunner({ adapter, session, emit, onInjection });
    const prompt = systemPrompt({ now: work.startedAt, zone: request.timeZone, manner: deps.manner });
    const conversation: AgentMessage[] = [{ role: "system", content: prompt }, ...historyFor(messages, work.question)];
    const now = () => performance.now();
    const state = initialState(conversation, { ...deps.limits, ms: work.deadlineAt - now() });
    return await runAgent(state, { driver: deps.driver, tools, emit, signal, now });
  } finally {
    await session?.close().catch(() => undefined);
  }
}

/** Records that the model sent an argument which only the API may fill. */
async function auditInjection(deps: AnsweringDeps, request: RunRequest, attempt: InjectionAttempt): Promise<void> {
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
}
