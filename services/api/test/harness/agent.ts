import { randomUUID } from "node:crypto";
import { type Message, type MessagePart, TOOL_IDS, TOOL_INPUTS, TOOLS } from "@taskassistant/contracts";
import { z } from "zod";
import { historyFor } from "../../src/agent/history.ts";
import { runAgent } from "../../src/agent/loop.ts";
import {
  type ChatCompletionsOptions,
  createChatCompletionsDriver,
} from "../../src/agent/model/chat-completions/driver.ts";
import type { HistoryMessage } from "../../src/agent/question-pairs.ts";
import { initialState } from "../../src/agent/state.ts";
import { createToolAdapter } from "../../src/agent/tools/adapter.ts";
import { createToolRunner } from "../../src/agent/tools/runner.ts";
import { storable } from "../../src/conversations/storable.ts";
import type { McpResult, McpSession, McpTool } from "../../src/mcp/port.ts";
import { createSchemaValidator } from "../../src/mcp/schema-validator.ts";
import { createRecorder } from "../../src/runs/recorder.ts";
import { endOf, type RunEnd } from "../../src/runs/run-end.ts";

/** A task as the played MCP server keeps it. */
export interface PlayedTask {
  title: string;
  notes: string;
  due: string | null;
}

/** How one question ended. */
export interface PlayedRun extends RunEnd {
  readonly text: string;
  readonly reasoning: string;
  readonly parts: readonly MessagePart[];
}

/** A conversation with the real agent and driver; the tools keep their tasks in memory, and messages are stored as JSON. */
export interface PlayedConversation {
  readonly tasks: PlayedTask[];
  /** The idempotency keys of the changes, in order. */
  readonly keys: string[];
  readonly stored: HistoryMessage[];
  ask(question: string): Promise<PlayedRun>;
}

const validator = createSchemaValidator();
const LIMITS = { steps: 8, toolCalls: 16, textLength: 64_000, ms: 60_000 };

/** The tools with the schemas of the catalogue. */
const MCP_TOOLS: readonly McpTool[] = TOOL_IDS.map((id) => {
  const schema = z.toJSONSchema(TOOL_INPUTS[id], { io: "input" }) as Record<string, unknown>;
  const properties = { ...(schema.properties as object), user_id: { type: "string", "x-injected": "sub" } };
  const { name, description, hints } = TOOLS[id];
  return { name, description, inputSchema: { ...schema, properties }, readOnly: hints.readOnlyHint };
});

export function playConversation(options: {
  baseURL: string;
  idleTimeoutMs?: number;
  messages?: HistoryMessage[];
  model?: string;
  driver?: Partial<ChatCompletionsOptions>;
}): PlayedConversation {
  const driver = createChatCompletionsDriver({
    baseURL: options.baseURL,
    apiKey: "sk-test",
    model: options.model ?? "m",
    firstTimeoutMs: 10_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 10_000,
    maxRetries: 2,
    ...options.driver,
  });
  const tasks: PlayedTask[] = [];
  const keys: string[] = [];
  const stored: HistoryMessage[] = options.messages ?? [];
  const session = playedSession(tasks, keys);
  const adapter = createToolAdapter({ tools: MCP_TOOLS, injected: { sub: "u".repeat(32) }, validator });

  return { tasks, keys, stored, ask };

  async function ask(text: string): Promise<PlayedRun> {
    const question = { id: randomUUID(), text };
    const signal = new AbortController().signal;
    const recorder = createRecorder();
    stored.push(message("user", question.id, [{ type: "text", text }]));
    const history = historyFor(stored, question, { origin: driver.origin });
    const tools = createToolRunner({
      adapter,
      session,
      emit: recorder.record,
      onRefusal: async () => undefined,
      keyOf: (fingerprint, ordinal) => `${history.firstAskedAs} ${fingerprint} ${ordinal}`,
    });
    const start = [{ role: "system" as const, content: "You help." }, ...history.messages];
    const deps = { driver, tools, emit: recorder.record, signal, now: () => performance.now() };
    const ended: RunEnd = await runAgent(initialState(start, LIMITS), deps).catch((error) => endOf(error, signal));
    for (const event of recorder.unfinished()) recorder.record(event);
    const answer = {
      ...message("assistant", randomUUID(), recorder.parts(), ended, question.id),
      state: { origin: driver.origin, steps: recorder.steps() },
    };
    // As the database would give it back.
    stored.push(JSON.parse(JSON.stringify(storable(answer))));
    const reasoning = recorder.parts().flatMap((part) => (part.type === "reasoning" ? [part.text] : []));
    return { ...ended, text: recorder.text(), reasoning: reasoning.join("\n\n"), parts: recorder.parts() };
  }
}

/** A stored message. */
export function message(
  role: Message["role"],
  id: string,
  parts: MessagePart[],
  end: Pick<RunEnd, "status" | "error"> = { status: "completed" },
  questionId?: string,
): Message {
  const { status, error } = end;
  const metadata = {
    created_at: "2026-11-26T10:00:00.000Z",
    status,
    ...(error === undefined ? {} : { error }),
    ...(questionId === undefined ? {} : { question_id: questionId }),
  };
  return { id, role, parts, metadata };
}

function playedSession(tasks: PlayedTask[], keys: string[]): McpSession {
  const done = new Map<string, McpResult>();
  return {
    tools: MCP_TOOLS,
    close: async () => undefined,
    call: async (name, { user_id: _, ...args }, { idempotencyKey }) => {
      const before = idempotencyKey === undefined ? undefined : done.get(idempotencyKey);
      if (before !== undefined) return { ...before, replayed: true };
      const result = run(name, args, tasks);
      if (idempotencyKey !== undefined && !result.isError) {
        keys.push(idempotencyKey);
        done.set(idempotencyKey, result);
      }
      return result;
    },
  };
}

function run(name: string, args: Record<string, unknown>, tasks: PlayedTask[]): McpResult {
  const id = TOOL_IDS.find((one) => TOOLS[one].name === name);
  const parsed = id === undefined ? undefined : TOOL_INPUTS[id].safeParse(args);
  if (parsed?.success !== true) return { isError: true, text: parsed?.error.issues[0]?.message ?? "no such tool" };
  if (id === "addTask") {
    const task = { due: null, ...(parsed.data as Pick<PlayedTask, "title" | "notes">) };
    tasks.push(task);
    return { isError: false, text: "Added", structured: { task } };
  }
  return { isError: false, text: "ok", structured: { tasks, total: tasks.length, next_cursor: null } };
}
