import { randomUUID } from "node:crypto";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { TurnError } from "../errors.ts";
import type { ModelEvent, ToolCall } from "../driver.ts";

/** Most calls in one step; most characters of arguments over all of them. Beyond that the answer is not a sane one. */
const CALLS_MAX = 64;
const ARGUMENTS_MAX = 400_000;

type Delta = ChatCompletionChunk.Choice.Delta.ToolCall;

/** A call while its pieces come in. */
type Growing = ToolCall & { index: number | undefined; givenId: string | undefined; started: boolean };

/** Turns the chunks of a streamed chat completion into events. Ends without `done` when the stream breaks off. */
export async function* collectCalls(chunks: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<ModelEvent> {
  const calls: Growing[] = [];
  let size = 0;
  let finished: string | undefined;

  for await (const chunk of chunks) {
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    // A model that declines says so in a field of its own.
    for (const text of [choice.delta?.content, choice.delta?.refusal]) {
      if (typeof text === "string" && text !== "") yield { type: "text", delta: text };
    }
    for (const part of choice.delta?.tool_calls ?? []) {
      const call = callOf(part, calls) ?? opened(part, calls);
      const name = nonEmpty(part.function?.name);
      const piece = part.function?.arguments;
      // Names come whole in the first piece of a call; the arguments follow. What was announced is what is run, so a
      // name that comes later, which some providers repeat with every piece, changes nothing.
      if (name !== undefined && !call.started) yield start(call, name);
      if (typeof piece === "string") {
        size += piece.length;
        call.arguments += piece;
      }
      if (calls.length > CALLS_MAX || size > ARGUMENTS_MAX) {
        throw new TurnError("model_unavailable", "The model asked for far too much at once. Try again.");
      }
    }
    finished = choice.finish_reason ?? finished;
  }
  if (finished === undefined) return;
  for (const call of calls) if (!call.started) yield start(call, "");
  const reason = finished === "length" ? "length" : finished === "content_filter" ? "filtered" : "stop";
  yield { type: "done", calls: calls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text })), reason };
}

/**
 * The call a piece belongs to; undefined when it opens a new one. The index tells, where it is told. Some providers leave
 * it out, or number all parallel calls 0: then another id with a name, another name, or a name after complete arguments,
 * is a new call.
 */
function callOf(part: Delta, calls: readonly Growing[]): Growing | undefined {
  const id = nonEmpty(part.id);
  const name = nonEmpty(part.function?.name);
  const indexed = typeof part.index === "number";
  const known = indexed
    ? calls.findLast((call) => call.index === part.index)
    : id === undefined
      ? calls.at(-1)
      : calls.findLast((call) => call.givenId === id);
  if (known === undefined || name === undefined || !known.started) return known;
  if (id !== undefined && known.givenId !== undefined) return id === known.givenId ? known : undefined;
  if (usableName(name) !== known.name) return undefined;
  return nonEmpty(part.function?.arguments) !== undefined && isComplete(known.arguments) ? undefined : known;
}

function opened(part: Delta, calls: Growing[]): Growing {
  const givenId = nonEmpty(part.id);
  const taken = calls.some((call) => call.id === givenId);
  const id = givenId === undefined || taken ? `call_${randomUUID()}` : givenId;
  const index = typeof part.index === "number" ? part.index : undefined;
  const call: Growing = { id, name: "", arguments: "", index, givenId, started: false };
  calls.push(call);
  return call;
}

function start(call: Growing, name: string): ModelEvent {
  call.started = true;
  call.name = usableName(name);
  return { type: "call-start", id: call.id, name: call.name };
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isComplete(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Providers refuse a history with a tool name of any other form. The stand-in is no tool's name. */
function usableName(name: string): string {
  return /^[\w-]{1,64}$/.test(name) ? name : "invalid_tool_name";
}
