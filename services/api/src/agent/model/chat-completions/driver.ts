import OpenAI from "openai";
import type {
  ChatCompletionChunk,
  ChatCompletionMessageParam,
  ChatCompletionTool,
} from "openai/resources/chat/completions";
import { collectCalls } from "./answer.ts";
import { TurnError } from "../errors.ts";
import { withIdleLimit } from "../idle-limit.ts";
import type { AgentMessage, ModelDriver, ModelEvent, ModelTool } from "../driver.ts";
import { isWorthRetrying, pauseBefore, turnErrorOf } from "../provider-errors.ts";
import { modelFetch } from "../fetch.ts";

export type ChatCompletionsOptions = {
  baseURL: string;
  /** Undefined for models that need none: then no `Authorization` header is sent. */
  apiKey: string | undefined;
  model: string;
  /** Longest wait for the first piece of an answer, in milliseconds. */
  firstTimeoutMs: number;
  /** Longest silence between two pieces, in milliseconds. */
  idleTimeoutMs: number;
  maxRetries: number;
};

/**
 * Drives any endpoint that speaks OpenAI's chat completions, streaming. A call is repeated (connection lost, 408, 409, 429,
 * 5xx) only while nothing of its answer has been handed on.
 */
export function createChatCompletionsDriver(options: ChatCompletionsOptions): ModelDriver {
  const client = new OpenAI({
    baseURL: options.baseURL,
    // Explicit nulls: the library would otherwise read further variables of the environment by itself.
    apiKey: options.apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    timeout: options.firstTimeoutMs,
    maxRetries: 0,
    fetch: modelFetch,
    logLevel: "off",
    ...(options.apiKey === undefined ? { defaultHeaders: { Authorization: null } } : {}),
  });

  async function* attempt(request: Parameters<ModelDriver["step"]>[0]): AsyncGenerator<ModelEvent> {
    const abort = new AbortController();
    const signal = AbortSignal.any([request.signal, abort.signal]);
    const asked = performance.now();
    try {
      const stream = await client.chat.completions.create(
        {
          model: options.model,
          messages: request.messages.map(toParam),
          stream: true,
          ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
        },
        { signal },
      );
      const limited = withIdleLimit(stream, {
        // The wait for the answer's head, which the library limits, was a part of it.
        firstMs: options.firstTimeoutMs - (performance.now() - asked),
        idleMs: options.idleTimeoutMs,
        saysNothing,
      });
      yield* collectCalls(limited);
    } finally {
      // Whatever ended the attempt (an error, a caller that stopped reading), the request ends with it.
      abort.abort();
    }
  }

  async function* step(request: Parameters<ModelDriver["step"]>[0]): AsyncGenerator<ModelEvent> {
    for (let retry = 0; ; retry++) {
      let handedOn = false;
      let done = false;
      try {
        for await (const event of attempt(request)) {
          handedOn = true;
          done = event.type === "done";
          yield event;
        }
        request.signal.throwIfAborted();
        if (done) return;
        throw new TurnError("model_unavailable", "The model's answer broke off. Try again.");
      } catch (error) {
        request.signal.throwIfAborted();
        if (handedOn || retry >= options.maxRetries || !isWorthRetrying(error)) throw turnErrorOf(error, options.model);
        await pauseBefore(retry, error, request.signal);
      }
    }
  }

  return { step };
}

function saysNothing(chunk: ChatCompletionChunk): boolean {
  const { role: _, ...delta } = chunk.choices?.[0]?.delta ?? {};
  return Object.values(delta).every((value) => value === null || value === undefined || value === "");
}

function toTool(tool: ModelTool): ChatCompletionTool {
  return {
    type: "function",
    function: { name: tool.name, description: tool.description, parameters: tool.parameters },
  };
}

function toParam(message: AgentMessage): ChatCompletionMessageParam {
  if (message.role === "tool") return { role: "tool", tool_call_id: message.callId, content: message.content };
  if (message.role !== "assistant") return { role: message.role, content: message.content };
  if (message.calls.length === 0) return { role: "assistant", content: message.content };
  return {
    role: "assistant",
    content: message.content === "" ? null : message.content,
    tool_calls: message.calls.map((call) => ({
      id: call.id,
      type: "function",
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}
