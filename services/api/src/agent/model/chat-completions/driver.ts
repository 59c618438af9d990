import type { ModelDriver, ModelEvent, ModelRequest } from "../driver.ts";
import { ProviderError } from "../errors.ts";
import { withRetries } from "../retry.ts";
import { createAnswerReader } from "./answer-reader.ts";
import { type Learned, learnFrom, NOTHING_LEARNED } from "./quirks.ts";
import { receive } from "./receive.ts";
import { toBody } from "./request.ts";
import { type Endpoint, send } from "./send.ts";

export interface ChatCompletionsOptions extends Endpoint {
  readonly model: string;
  /** Longest silence within an answer, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** How often a call is repeated after a lost connection, 408, 409, 429 or 5xx. */
  readonly maxRetries: number;
}

/** How long a whole answer waits for what may follow it, such as usage data, in milliseconds. */
const GRACE_MS = 1_000;
/** How many things one request can learn from refusals before it gives up. */
const LESSONS_MAX = 4;

/** Drives any endpoint that speaks OpenAI's chat completions. It remembers what the endpoint refused. */
export function createChatCompletionsDriver(options: ChatCompletionsOptions): ModelDriver {
  let learned: Learned = NOTHING_LEARNED;

  return {
    origin: `${options.baseURL} ${options.model}`,
    ask: (request) =>
      withRetries(() => attempt(request), {
        maxRetries: options.maxRetries,
        model: options.model,
        signal: request.signal,
      }),
  };

  async function* attempt(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const abort = new AbortController();
    const signal = AbortSignal.any([request.signal, abort.signal]);
    try {
      const response = await sendLearning(request, signal);
      const answer = createAnswerReader(request);
      const limits = { idleMs: options.idleTimeoutMs, graceMs: GRACE_MS, isWhole: answer.isWhole };
      for await (const payload of receive(response, limits)) yield* answer.read(payload);
      yield* answer.end();
    } finally {
      // The request ends with the attempt, whether that failed or its reader stopped reading.
      abort.abort();
    }
  }

  /** Sends the request, and again in the form that a refusal asks for. */
  async function sendLearning(request: ModelRequest, signal: AbortSignal): Promise<Response> {
    for (let lessons = 0; ; lessons++) {
      try {
        return await send(options, toBody(request, { model: options.model, learned }), signal);
      } catch (error) {
        const more = error instanceof ProviderError && lessons < LESSONS_MAX ? learnFrom(error, learned) : undefined;
        if (more === undefined) throw error;
        learned = more;
      }
    }
  }
}
