import {
  type ChatCompletionsOptions,
  createChatCompletionsDriver,
} from "../../src/agent/model/chat-completions/driver.ts";
import type { AgentMessage, AnswerEnd, ModelDriver, ModelTool, ToolCall } from "../../src/agent/model/driver.ts";
import { ModelError } from "../../src/agent/model/errors.ts";
import { type Reply, startWireServer, type WireRequest } from "./wire.ts";

/** What one model call gave. */
export interface Called {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Undefined where it did not end. */
  readonly reason: AnswerEnd | undefined;
  readonly failure: ModelError | undefined;
}

/** The real driver in front of a raw server. */
export interface DriverHarness {
  readonly requests: readonly WireRequest[];
  /** Asks with these messages after the system's. */
  ask(...messages: AgentMessage[]): Promise<Called>;
  close(): void;
}

/** A tool with arguments that some servers refuse to hear about. */
export const ADD_TASK: ModelTool = {
  name: "add_task",
  description: "Adds a task.",
  parameters: {
    type: "object",
    properties: {
      title: { type: "string", minLength: 1, maxLength: 300 },
      notes: { type: "string", maxLength: 20_000, default: "" },
      due: { anyOf: [{ type: "string", format: "date" }, { type: "null" }], default: null },
    },
    required: ["title"],
    additionalProperties: false,
  },
  readOnly: false,
  accept: (value) => value,
};

/** Starts a server that answers as given, and the driver that asks it. */
export async function startDriverHarness(
  answer: (request: WireRequest, number: number) => Reply,
  options: Partial<ChatCompletionsOptions> = {},
): Promise<DriverHarness> {
  let number = 0;
  const server = await startWireServer((request) => answer(request, ++number));
  const driver = createChatCompletionsDriver({
    baseURL: server.url,
    apiKey: "sk-secret-of-tests",
    model: "m",
    firstTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    maxRetries: 2,
    ...options,
  });
  return { requests: server.requests, close: server.close, ask: (...messages) => askOnce(driver, messages) };
}

/** One call of a driver with these messages after the system's. `onText` hears of text as it arrives. */
export async function askOnce(
  driver: ModelDriver,
  messages: readonly AgentMessage[],
  onText: (delta: string) => void = () => undefined,
): Promise<Called> {
  const all: AgentMessage[] = [{ role: "system", content: "You help." }, ...messages];
  let text = "";
  let calls: readonly ToolCall[] = [];
  let reason: AnswerEnd | undefined;
  try {
    const request = { messages: all, tools: [ADD_TASK], signal: new AbortController().signal };
    for await (const event of driver.ask(request)) {
      if (event.type === "text") {
        text += event.delta;
        onText(event.delta);
      }
      if (event.type === "done") ({ calls, reason } = event);
    }
    return { text, calls, reason, failure: undefined };
  } catch (error) {
    if (error instanceof ModelError) return { text, calls, reason, failure: error };
    throw error;
  }
}

export const user = (content: string): AgentMessage => ({ role: "user", content });
export const assistant = (content: string, ...calls: ToolCall[]): AgentMessage => ({
  role: "assistant",
  content,
  calls,
});
export const call = (id: string, args = '{"title":"buy milk"}'): ToolCall => ({
  id,
  name: "add_task",
  arguments: args,
});
export const result = (callId: string, content = "Added"): AgentMessage => ({ role: "tool", callId, content });
