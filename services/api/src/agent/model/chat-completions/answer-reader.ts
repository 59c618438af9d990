import { isRecord } from "@taskassistant/contracts";
import { newCallId } from "../call-form.ts";
import { assembleCalls, type ReadCall } from "../calls/assemble.ts";
import type { CallPiece } from "../calls/groupings.ts";
import type { AnswerEnd, ModelEvent, ModelRequest, OpaqueFields, ToolCall } from "../driver.ts";
import { failedCall, ModelError, ProviderError } from "../errors.ts";
import { keptState, mergeState, reasoningIn, stateOnMessage } from "../opaque.ts";
import { createAnswerText } from "../text/answer-text.ts";
import { reasoningPartsIn, textIn } from "./content.ts";
import { type Finish, finishOf } from "./finish.ts";
import { documentIn, errorIn, firstChoice, statusIn } from "./frame.ts";
import type { Payload } from "./payloads.ts";
import { piecesIn } from "./pieces.ts";

/** Maximum number of calls in one answer, and of characters of arguments over all of them. No sane answer has more. */
const CALLS_MAX = 64;
const ARGUMENTS_MAX = 400_000;

/** Reads one answer, payload by payload. */
export interface AnswerReader {
  /** Reads payloads that arrived together. Their texts become one, however small the pieces are in which a model sends them. */
  read(payloads: readonly Payload[]): Generator<ModelEvent>;
  /**
   * What follows when no payload is left. Without `done` among it the answer broke off. Throws `ProviderError`
   * and `ModelError`.
   */
  end(): Generator<ModelEvent>;
  /** What is left to pass on when the connection failed: the calls that had begun. They are not run. */
  abandon(): Generator<ModelEvent>;
  /** Whether the server has said that the answer is complete: by a finish reason that is known, or by the end mark. */
  isWhole(): boolean;
}

/** Collects the pieces of calls and interprets them once, at the end; text and reasoning pass while they arrive. */
export function createAnswerReader(request: ModelRequest): AnswerReader {
  const text = createAnswerText(request);
  const pieces: CallPiece[] = [];
  let state: OpaqueFields = {};
  let size = 0;
  let finish: Finish | undefined;
  let closed = false;
  let sawDelta = false;
  /** What has been said and not passed on yet. */
  let said: string[] = [];
  let saying: "text" | "reasoning" | "refusal" = "text";

  return { read, end, abandon, isWhole };

  function isWhole(): boolean {
    return closed || (finish !== undefined && finish !== "unknown");
  }

  function* read(payloads: readonly Payload[]): Generator<ModelEvent> {
    try {
      for (const payload of payloads) yield* readOne(payload);
    } catch (error) {
      yield* sayAll();
      throw error;
    }
    yield* sayAll();
  }

  function* readOne(payload: Payload): Generator<ModelEvent> {
    if (payload.type === "end") {
      closed = true;
      return;
    }
    const body = documentIn(payload.value);
    if (body === undefined) return;
    const error = errorIn(body);
    if (error !== undefined) {
      // Nothing unmakes a whole answer.
      if (isWhole()) return;
      throw new ProviderError({ status: statusIn(error), body: { error } });
    }
    const choice = firstChoice(body);
    if (choice === undefined) return;
    yield* readMessage(choice);
    finish = finishOf(choice.finish_reason) ?? finish;
  }

  function* readMessage(choice: Record<string, unknown>): Generator<ModelEvent> {
    const complete = isRecord(choice.message) && !isRecord(choice.delta);
    // Some servers repeat the whole message after its pieces.
    if (complete && sawDelta) return;
    const message = [choice.delta, choice.message].find(isRecord) ?? { content: choice.text };
    if (complete) closed = true;
    else sawDelta ||= Object.keys(message).length > 0;
    state = mergeState(state, stateOnMessage(message));
    const reasoning = reasoningIn(message) + reasoningPartsIn(message.content);
    yield* say("reasoning", reasoning);
    yield* say("text", textIn(message.content));
    // A model that declines to answer says so in `refusal`.
    if (typeof message.refusal === "string") yield* say("refusal", message.refusal);
    for (const piece of piecesIn(message)) {
      size += piece.arguments?.length ?? 0;
      pieces.push(piece);
    }
    if (size > ARGUMENTS_MAX) throw tooMuch();
  }

  function* say(kind: typeof saying, delta: string): Generator<ModelEvent> {
    if (delta === "") return;
    if (saying !== kind) yield* sayAll();
    saying = kind;
    said.push(delta);
  }

  function* sayAll(): Generator<ModelEvent> {
    if (said.length === 0) return;
    const delta = said.join("");
    said = [];
    if (saying === "text") yield* text.feed(delta);
    else yield { type: saying === "refusal" ? "text" : saying, delta };
  }

  function* end(): Generator<ModelEvent> {
    const { calls, events } = calledAndSaid();
    yield* events;
    const reason = isWhole() ? reasonOf(finish ?? "stop", calls.length) : undefined;
    yield* calls.map(started);
    if (reason === undefined) return;
    const kept = keptState(state);
    yield { type: "done", calls, reason, ...(kept === undefined ? {} : { state: kept }) };
  }

  function* abandon(): Generator<ModelEvent> {
    const { calls, events } = calledAndSaid();
    yield* events;
    yield* calls.map(started);
  }

  function calledAndSaid(): { calls: readonly ToolCall[]; events: readonly ModelEvent[] } {
    const { events, leaked } = text.finish(isWhole());
    const given = assembleCalls(pieces, request.tools);
    // Some servers pass a call on and leave its text where it was.
    const isGivenToo = (call: ReadCall) =>
      given.some(({ name, arguments: text }) => name === call.name && text === call.arguments);
    const read: readonly ReadCall[] = [...given, ...leaked.filter((call) => !isGivenToo(call))];
    if (read.length > CALLS_MAX) throw tooMuch();
    return { calls: read.map(({ id, ...call }) => ({ id: id ?? newCallId(), ...call })), events: [...events] };
  }
}

function started({ id, name }: ToolCall): ModelEvent {
  return { type: "call-start", id, name };
}

/** What a finish reason says about an answer with so many calls. Throws where the two do not fit. */
function reasonOf(finish: Finish, calls: number): AnswerEnd {
  switch (finish) {
    case "stop":
      return "stop";
    case "calls":
      if (calls === 0) throw failedCall();
      return "stop";
    case "length":
    case "filtered":
      return finish;
    case "failed-call":
    case "unknown":
      throw failedCall();
    case "error":
      throw new ProviderError({ status: 502, body: "the answer ended with an error" });
  }
}

function tooMuch(): ModelError {
  return new ModelError("model_unavailable", "The model asked for far too much at once. Try again.");
}
