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
import { createToolRunner, type RefusedCall } from "../agent/tools/runner.ts";
import type { ConversationStore } from "../conversations/store.ts";
import type { ExchangeClient } from "../identity/exchange-client.ts";
import { createTokenSource } from "../identity/token-source.ts";
import type { McpPort, McpSession } from "../mcp/port.ts";
import { idempotencyKey } from "./idempotency-key.ts";
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
    const onRefusal = (call: RefusedCall) => auditRefusal(deps, request, call);
    const history = historyFor(messages, work.question, { origin: deps.driver.origin });
    const keyOf = (fingerprint: string, ordinal: number) =>
      idempotencyKey({
        conversationId: request.conversationId,
        firstAskedAs: history.firstAskedAs,
        fingerprint,
        ordinal,
      });
    const tools = createToolRunner({ adapter, session, emit, onRefusal, keyOf });
    const prompt = systemPrompt({ now: work.startedAt, zone: request.timeZone, manner: deps.manner });
    const conversation: AgentMessage[] = [{ role: "system", content: prompt }, ...history.messages];
    const now = () => performance.now();
    const state = initialState(conversation, { ...deps.limits, ms: work.deadlineAt - now() });
    return await runAgent(state, { driver: deps.driver, tools, emit, signal, now });
  } finally {
    await session?.close().catch(() => undefined);
  }
}

/** Records a call that the API refused, so that the MCP server never saw it. */
async function auditRefusal(deps: AnsweringDeps, request: RunRequest, call: RefusedCall): Promise<void> {
  const { tool, reason, property } = call;
  deps.log.warn({ tool, reason, property, request_id: request.requestId }, "tool call refused");
  await deps.db.appendAudit({
    userId: request.userId,
    actor: API_CLIENT_ID,
    clientId: API_CLIENT_ID,
    action: tool,
    outcome: "refused",
    reason,
    arguments: call.arguments,
    jti: request.jti,
    requestId: request.requestId,
  });
}
