import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { isJson, newCallId, usableName } from "../call-form.ts";
import type { AnswerEnd, ModelEvent } from "../driver.ts";
import { ModelError } from "../errors.ts";

/** Maximum number of calls in one answer, and of characters of arguments over all of them. No sane answer has more. */
const CALLS_MAX = 64;
const ARGUMENTS_MAX = 400_000;

type Delta = ChatCompletionChunk.Choice.Delta.ToolCall;

/** A call while its pieces arrive. */
interface GrowingCall {
  id: string;
  name: string;
  arguments: string;
  readonly index: number | undefined;
  readonly givenId: string | undefined;
  started: boolean;
}

/** Turns the chunks of a streamed chat completion into events. Ends without `done` when the stream breaks off. */
export async function* readChunks(chunks: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<ModelEvent> {
  const calls: GrowingCall[] = [];
  let size = 0;
  let finished: string | undefined;

  for await (const chunk of chunks) {
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    // A model that declines to answer says so in `refusal`.
    for (const text of [choice.delta?.content, choice.delta?.refusal]) {
      if (typeof text === "string" && text !== "") yield { type: "text", delta: text };
    }
    for (const part of choice.delta?.tool_calls ?? []) {
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
    finished = choice.finish_reason ?? finished;
  }
  if (finished === undefined) return;
  for (const call of calls) if (!call.started) yield start(call, "");
  yield {
    type: "done",
    calls: calls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text })),
    reason: endOf(finished),
  };
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
