import { randomUUID } from "node:crypto";
import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { TurnError } from "./errors.ts";
import type { ModelEvent, ToolCall } from "./messages.ts";

/** Most calls in one step; most characters of arguments over all of them. Beyond that the answer is not a sane one. */
const CALLS_MAX = 64;
const ARGUMENTS_MAX = 400_000;

/** Turns the chunks of a streamed chat completion into events. Ends without `done` when the stream breaks off. */
export async function* collectCalls(chunks: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<ModelEvent> {
  const calls = new Map<number, ToolCall>();
  const started = new Set<number>();
  let size = 0;
  let finished: string | undefined;

  for await (const chunk of chunks) {
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    const text = choice.delta?.content;
    if (typeof text === "string" && text !== "") yield { type: "text", delta: text };

    for (const part of choice.delta?.tool_calls ?? []) {
      const index = part.index ?? calls.size;
      let call = calls.get(index);
      if (call === undefined) {
        call = { id: uniqueId(part.id, calls), name: "", arguments: "" };
        calls.set(index, call);
      }
      const name = part.function?.name;
      const piece = part.function?.arguments;
      // Names come whole in the first piece of a call; the arguments follow. What was announced is what is run, so a
      // name that comes later, which some providers repeat with every piece, changes nothing.
      if (typeof name === "string" && name !== "" && !started.has(index)) {
        started.add(index);
        call.name = usableName(name);
        yield { type: "call-start", id: call.id, name: call.name };
      }
      if (typeof piece === "string") {
        size += piece.length;
        call.arguments += piece;
      }
      if (calls.size > CALLS_MAX || size > ARGUMENTS_MAX) {
        throw new TurnError("model_unavailable", "The model asked for far too much at once. Try again.");
      }
    }
    finished = choice.finish_reason ?? finished;
  }
  if (finished === undefined) return;
  for (const [index, call] of calls) {
    if (started.has(index)) continue;
    call.name = usableName("");
    yield { type: "call-start", id: call.id, name: call.name };
  }
  const reason = finished === "length" ? "length" : finished === "content_filter" ? "filtered" : "stop";
  yield { type: "done", calls: [...calls.values()], reason };
}

function uniqueId(id: string | undefined, calls: ReadonlyMap<number, ToolCall>): string {
  const taken = [...calls.values()].some((call) => call.id === id);
  return id === undefined || id === "" || taken ? `call_${randomUUID()}` : id;
}

/** Providers refuse a history with a tool name of any other form. The stand-in is no tool's name. */
function usableName(name: string): string {
  return /^[\w-]{1,64}$/.test(name) ? name : "invalid_tool_name";
}
