import { createBudget } from "@taskassistant/kit/guard";
import { chatCompletionsUrl } from "../address.ts";
import type { ModelDriver, ModelEvent, ModelRequest } from "../driver.ts";
import { ProviderError } from "../errors.ts";
import { withLessons } from "../lessons/apply.ts";
import { createContextLimit } from "../lessons/context.ts";
import { createLessons, type Lesson } from "../lessons/lessons.ts";
import { lessonOf } from "../quirks.ts";
import { kindOf, saidBy } from "../refusal-sentences.ts";
import { withRetries } from "../retry.ts";
import { createTransport, type TransportOptions } from "../transport.ts";
import { createAnswerReader } from "./answer-reader.ts";
import { createFloodPauses } from "./flood-pauses.ts";
import { foreignDocument, foreignError, isJson } from "./foreign.ts";
import { receive } from "./receive.ts";
import { type RequestSettings, toBody } from "./request.ts";
import { send } from "./send.ts";

export interface ChatCompletionsOptions extends Pick<TransportOptions, "ca" | "proxy"> {
  readonly baseURL: string;
  /** Undefined for models that need none; then no `Authorization` header is sent. */
  readonly apiKey: string | undefined;
  readonly model: string;
  /** Further headers of every request. Their values are secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly settings?: RequestSettings;
  /** Longest wait for the first byte of an answer, in milliseconds. */
  readonly firstTimeoutMs: number;
  /** Longest silence within an answer, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** How often a call is repeated after a failure that may heal. */
  readonly maxRetries: number;
  /** Hears of everything that the server has taught by a refusal. */
  readonly onLesson?: (lesson: Lesson) => void;
}

/** How long a whole answer waits for what may follow it, such as usage data, in milliseconds. */
const GRACE_MS = 1_000;
/** What all answers together may hold of payloads that are not complete, in bytes. */
const UNFINISHED_MAX = 8 * 1024 * 1024;
/** How long an unfinished payload may get no further before it gives way to others, in milliseconds. */
const GIVE_WAY_MS = 5_000;

/** Drives any endpoint that speaks OpenAI's chat completions. It remembers what the endpoint refused. */
export function createChatCompletionsDriver(options: ChatCompletionsOptions): ModelDriver {
  const { model, apiKey, headers = {}, settings = {}, onLesson = () => undefined } = options;
  const transport = createTransport({
    ...options,
    url: chatCompletionsUrl(options.baseURL),
    headers,
  });
  const secrets = [...(apiKey === undefined ? [] : [apiKey]), ...Object.values(headers)];
  const lessons = createLessons(onLesson);
  const context = createContextLimit();
  const pauses = createFloodPauses();
  const budget = createBudget({ bytes: UNFINISHED_MAX, holdMs: GIVE_WAY_MS });

  return { origin: `${options.baseURL} ${model}`, ask };

  function ask(request: ModelRequest): AsyncIterable<ModelEvent> {
    const { signal } = request;
    let messages = request.messages;
    /** Whether the history is left out, because the provider's filter may have refused something in it. */
    let alone = false;
    let body: Record<string, unknown> = {};
    return withRetries(attempt, { maxRetries: options.maxRetries, model, secrets, signal, adapt });

    async function* attempt(): AsyncGenerator<ModelEvent> {
      const abort = new AbortController();
      try {
        messages = alone ? context.least(request.messages) : context.fitting(request.messages);
        body = toBody({ messages, tools: request.tools }, { model, settings, lessons: lessons.current() });
        const { firstTimeoutMs } = options;
        const askedAt = performance.now();
        const response = await send({ transport, firstTimeoutMs }, body, AbortSignal.any([signal, abort.signal]));
        const answer = createAnswerReader(request);
        // Some servers send the head at once and the first byte when they have read the question.
        const firstMs = firstTimeoutMs - (performance.now() - askedAt);
        const { isWhole } = answer;
        const limits = { budget, pauses, firstMs, idleMs: options.idleTimeoutMs, graceMs: GRACE_MS, isWhole };
        let foreign: Record<string, unknown> | undefined;
        try {
          for await (const payloads of receive(response, limits)) {
            yield* answer.read(payloads);
            foreign = foreignDocument(payloads.at(-1));
          }
        } catch (error) {
          yield* answer.abandon();
          throw error;
        }
        if (foreign !== undefined && isJson(response)) throw foreignError(foreign);
        context.accepted(messages);
        yield* answer.end();
      } finally {
        // The request ends with the attempt, whether that failed or its reader stopped reading.
        abort.abort();
      }
    }

    function adapt(error: unknown): boolean {
      if (!(error instanceof ProviderError)) return false;
      const kind = kindOf(saidBy(error)).name;
      if (kind === "too long") return context.refused(messages);
      if (kind === "filter" && !alone) {
        alone = context.least(request.messages).length < messages.length;
        return alone;
      }
      const lesson = lessonOf(error, body);
      if (lesson === undefined) return false;
      lessons.add(lesson);
      // Another run may have learned it meanwhile. What counts is whether this request had it.
      return JSON.stringify(withLessons(body, [lesson])) !== JSON.stringify(body);
    }
  }
}
