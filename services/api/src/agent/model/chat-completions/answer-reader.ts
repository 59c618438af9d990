import { isRecord } from "@taskassistant/contracts";
import { isJson, newCallId, usableName } from "../call-form.ts";
import type { AnswerEnd, ModelEvent, ModelRequest } from "../driver.ts";
import { ModelError, ProviderError } from "../errors.ts";
import type { Payload } from "./payloads.ts";

/** Maximum number of calls in one answer, and of characters of arguments over all of them. No sane answer has more. */
const CALLS_MAX = 64;
const ARGUMENTS_MAX = 400_000;

interface Delta {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly function?: { readonly name?: unknown; readonly arguments?: unknown };
}

/** A call while its pieces arrive. */
interface GrowingCall {
  id: string;
  name: string;
  arguments: string;
  readonly index: number | undefined;
  readonly givenId: string | undefined;
  started: boolean;
}

/** Reads one answer, payload by payload. */
export interface AnswerReader {
  read(payload: Payload): Generator<ModelEvent>;
  /** What follows when no payload is left. Without `done` among it the answer broke off. */
  end(): Generator<ModelEvent>;
  /** Whether the server has said that the answer is complete. */
  isWhole(): boolean;
}

export function createAnswerReader(_request: ModelRequest): AnswerReader {
  const calls: GrowingCall[] = [];
  let size = 0;
  let finished: string | undefined;

  function* read(payload: Payload): Generator<ModelEvent> {
    if (payload.type === "end") {
      finished ??= "stop";
      return;
    }
    if (!isRecord(payload.value)) return;
    const { error, choices } = payload.value;
    if (error !== undefined && error !== null && finished === undefined) {
      throw new ProviderError({ status: undefined, body: payload.value });
    }
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    if (!isRecord(choice)) return;
    const delta = isRecord(choice.delta) ? choice.delta : isRecord(choice.message) ? choice.message : {};
    // A model that declines to answer says so in `refusal`.
    for (const text of [delta.content, delta.refusal]) {
      if (typeof text === "string" && text !== "") yield { type: "text", delta: text };
    }
    for (const part of Array.isArray(delta.tool_calls) ? (delta.tool_calls as Delta[]) : []) {
      const call = callOf(part, calls) ?? openCall(part, calls);
      const name = nonEmpty(part.function?.name);
      const piece = part.function?.arguments;
      // The first name counts, because it has been announced. Some providers repeat it with every piece of arguments.
      if (name !== undefined && !call.started) yield start(call, name);
      if (typeof piece === "string") {
        size += piece.length;
        call.arguments += piece;
      }
      if (calls.length > CALLS_MAX || size > ARGUMENTS_MAX) {
        throw new ModelError("model_unavailable", "The model asked for far too much at once. Try again.");
      }
    }
    finished = nonEmpty(choice.finish_reason) ?? finished;
  }

  function* end(): Generator<ModelEvent> {
    if (finished === undefined) return;
    for (const call of calls) if (!call.started) yield start(call, "");
    yield {
      type: "done",
      calls: calls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text })),
      reason: endOf(finished),
    };
  }

  return { read, end, isWhole: () => finished !== undefined };
}

/**
 * The call a piece belongs to; undefined when the piece opens a new one. The index decides where the provider sends one.
 * Some leave it out, or number all parallel calls 0. There, a different id together with a name, a different name, or a
 * name after complete arguments opens a new call.
 */
function callOf(part: Delta, calls: readonly GrowingCall[]): GrowingCall | undefined {
  const id = nonEmpty(part.id);
  const name = nonEmpty(part.function?.name);
  const known = sameCall(part, id, calls);
  if (known === undefined || name === undefined || !known.started) return known;
  if (id !== undefined && known.givenId !== undefined) return id === known.givenId ? known : undefined;
  if (usableName(name) !== known.name) return undefined;
  return nonEmpty(part.function?.arguments) !== undefined && isJson(known.arguments) ? undefined : known;
}

/** The newest call with the piece's index or, without an index, with its id. A piece without either continues the last call. */
function sameCall(part: Delta, id: string | undefined, calls: readonly GrowingCall[]): GrowingCall | undefined {
  if (typeof part.index === "number") return calls.findLast((call) => call.index === part.index);
  return id === undefined ? calls.at(-1) : calls.findLast((call) => call.givenId === id);
}

function openCall(part: Delta, calls: GrowingCall[]): GrowingCall {
  const givenId = nonEmpty(part.id);
  const taken = calls.some((call) => call.id === givenId);
  const id = givenId === undefined || taken ? newCallId() : givenId;
  const index = typeof part.index === "number" ? part.index : undefined;
  const call: GrowingCall = { id, name: "", arguments: "", index, givenId, started: false };
  calls.push(call);
  return call;
}

function start(call: GrowingCall, name: string): ModelEvent {
  call.started = true;
  call.name = usableName(name);
  return { type: "call-start", id: call.id, name: call.name };
}

function endOf(finishReason: string): AnswerEnd {
  if (finishReason === "length") return "length";
  return finishReason === "content_filter" ? "filtered" : "stop";
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
