import { withDeadline } from "@taskassistant/kit/failures";
import { WAIT_SECONDS } from "@taskassistant/kit/fetch";
import type { Budget } from "@taskassistant/kit/guard";
import { systemCodeOf } from "../address-fault.ts";
import { brokeOff, ModelError, ProviderError } from "../errors.ts";
import type { FloodPauses } from "./flood-pauses.ts";
import { createPayloadParser, type Payload } from "./payloads.ts";

/** Maximum size of one answer, in bytes after decompression: far above any sane answer, far below what memory holds. */
const ANSWER_MAX = 8 * 1024 * 1024;

/**
 * Maximum size of one payload while it arrives, in bytes. Reading it takes several times its size, so what exceeds `FREE` counts
 * against a budget that all answers share.
 */
const PAYLOAD_MAX = 1024 * 1024;
const FREE = 32 * 1024;
/** How much of an answer is read at a time, in characters. A model that answers word by word stays below it. */
const SLICE = 4 * 1024;

export interface ReceiveLimits {
  /** What all answers that are being received may hold of unfinished payloads. */
  readonly budget: Budget;
  /** Longest wait for the first byte after the head, in milliseconds. */
  readonly firstMs: number;
  /** Longest silence after that, in milliseconds. Bytes of any kind end it. */
  readonly idleMs: number;
  /** How long to wait for more once the answer is whole, in milliseconds. Only payloads count then. */
  readonly graceMs: number;
  /** Whether the answer is whole. Nothing that happens on the connection afterwards can unmake it. */
  readonly isWhole: () => boolean;
  /** What an answer that arrives faster waits for before each of its slices. */
  readonly pauses: FloodPauses;
}

/**
 * Yields the payloads of an answer as they arrive, those that arrive together in one list. Ends with the answer's end mark, with the connection or, for a whole
 * answer, with its grace time. Throws `ModelError` for silence, for far too much and for a lost connection, and
 * `ProviderError` for a web page.
 */
export async function* receive(response: Response, limits: ReceiveLimits): AsyncGenerator<Payload[]> {
  const reader = (response.body ?? new ReadableStream<Uint8Array>({ start: (c) => c.close() })).getReader();
  const decoder = new TextDecoder();
  const parser = createPayloadParser();
  const unfinished = createUnfinished(limits.budget, () => void reader.cancel().catch(() => undefined));
  let size = 0;
  let wholeAt: number | undefined;
  try {
    for (;;) {
      if (limits.isWhole()) wholeAt ??= performance.now();
      const silenceMs = size === 0 ? limits.firstMs : limits.idleMs;
      const waitMs = wholeAt === undefined ? silenceMs : wholeAt + limits.graceMs - performance.now();
      const next = await withDeadline(reader.read(), Math.max(0, waitMs), silent).catch((error: unknown) => {
        if (wholeAt !== undefined) return { done: true as const, value: undefined };
        throw error instanceof ModelError ? error : lost(error);
      });
      size += next.value?.byteLength ?? 0;
      if (size > ANSWER_MAX) throw tooMuch();
      unfinished.grow(next.value?.byteLength ?? 0);
      const text = next.done ? decoder.decode() : decoder.decode(next.value, { stream: true });
      for (let at = 0; at < text.length || at === 0; at += SLICE) {
        if (text.length > SLICE) await limits.pauses.next();
        const payloads = parser.feed(text.slice(at, at + SLICE));
        if (next.done) payloads.push(...parser.finish());
        if (parser.isPage())
          throw new ProviderError({ status: response.status, body: text, headers: response.headers });
        if (payloads.length === 0) continue;
        wholeAt = undefined;
        unfinished.reset();
        const end = payloads.findIndex(({ type }) => type === "end");
        yield end < 0 ? payloads : payloads.slice(0, end + 1);
        if (end >= 0) return;
      }
      if (next.done) return;
    }
  } finally {
    unfinished.reset();
    // Not awaited: a source that is stuck would never answer.
    void reader.cancel().catch(() => undefined);
  }
}

/** Counts the bytes of a payload that is not complete. Throws `ModelError` when they are too many, alone or with all others. */
function createUnfinished(budget: Budget, stop: () => void) {
  let bytes = 0;
  let giveBack = () => {};
  let mustEnd = false;
  function reset(): void {
    bytes = 0;
    giveBack();
  }
  function grow(by: number): void {
    bytes += by;
    giveBack();
    if (bytes > PAYLOAD_MAX) throw tooMuch();
    if (bytes <= FREE) return;
    const taken = budget.take("", bytes, () => {
      mustEnd = true;
      stop();
    });
    if (taken === undefined || mustEnd) throw overloaded();
    giveBack = taken;
  }
  return { grow, reset };
}

function tooMuch(): ModelError {
  return new ModelError("model_unavailable", "The model sent far too much at once. Try again.");
}

function overloaded(): ModelError {
  const sentence = "The assistant is receiving very long answers for many people right now. Try again in a moment.";
  return new ModelError("model_unavailable", sentence, { retryAfterSeconds: WAIT_SECONDS.longAnswers });
}

function lost(error: unknown): ModelError {
  const code = systemCodeOf(error);
  return brokeOff({ type: "ConnectionLost", ...(code === undefined ? {} : { code }) });
}

function silent(): ModelError {
  return new ModelError("model_timeout", "The model stopped responding. Try again.");
}
