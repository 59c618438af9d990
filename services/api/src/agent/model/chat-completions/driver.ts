import OpenAI from "openai";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import type { ModelDriver, ModelEvent, ModelRequest } from "../driver.ts";
import { modelFetch } from "../fetch.ts";
import { withIdleLimit } from "../idle-limit.ts";
import { withRetries } from "../retry.ts";
import { readChunks } from "./chunks.ts";
import { toParam, toTool } from "./request.ts";

export interface ChatCompletionsOptions {
  baseURL: string;
  /** Undefined for models that need none; then no `Authorization` header is sent. */
  apiKey: string | undefined;
  model: string;
  /** Longest wait for the first piece of an answer, in milliseconds. */
  firstTimeoutMs: number;
  /** Longest silence between two pieces, in milliseconds. */
  idleTimeoutMs: number;
  /** How often a call is repeated after a lost connection, 408, 409, 429 or 5xx. */
  maxRetries: number;
}

/** Drives any endpoint that streams OpenAI's chat completions. */
export function createChatCompletionsDriver(options: ChatCompletionsOptions): ModelDriver {
  const client = new OpenAI({
    baseURL: options.baseURL,
    // Explicit nulls, because the library would otherwise read further environment variables.
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

  async function* attempt(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const abort = new AbortController();
    const signal = AbortSignal.any([request.signal, abort.signal]);
    const askedAt = performance.now();
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
        // The library limits the wait for the head of the answer, which is part of the wait for the first piece.
        firstMs: options.firstTimeoutMs - (performance.now() - askedAt),
        idleMs: options.idleTimeoutMs,
        isEmpty,
      });
      yield* readChunks(limited);
    } finally {
      // The request ends with the attempt, whether that failed or its reader stopped reading.
      abort.abort();
    }
  }

  return {
    ask: (request) =>
      withRetries(() => attempt(request), {
        maxRetries: options.maxRetries,
        model: options.model,
        signal: request.signal,
      }),
  };
}

/** Whether a chunk carries nothing but, perhaps, the role. */
function isEmpty(chunk: ChatCompletionChunk): boolean {
  const { role: _, ...delta } = chunk.choices?.[0]?.delta ?? {};
  return Object.values(delta).every((value) => value === null || value === undefined || value === "");
}
