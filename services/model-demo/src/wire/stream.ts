import { setTimeout as sleep } from "node:timers/promises";
import { callsOf, createIds, finishReasonOf, usageOf } from "./answer.ts";
import type { ModelRequest } from "./request.ts";
import type { ParsedStep } from "./steps.ts";

/** Maximum number of characters of tool arguments in one delta. It is small, so that a client has to join them. */
const ARGUMENTS_PIECE = 12;

/** Time that sent data gets to leave the process before the connection is cut. */
const FLUSH_MS = 20;

/** Thrown into the stream to cut the connection. */
class BrokenStream extends Error {}

/**
 * The answer as server-sent events, in the order the OpenAI API has: a delta with the role first, text word by word,
 * each tool call opened by id and name and followed by pieces of its arguments, the finish reason, usage if asked for.
 */
export function streamOf(request: ModelRequest, steps: readonly ParsedStep[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const chunks = chunksOf(request, steps, gone.signal);
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`data: ${value}\n\n`));
      } catch (error) {
        if (!gone.signal.aborted) controller.error(error);
      }
    },
    cancel: () => gone.abort(),
  });
}

async function* chunksOf(
  request: ModelRequest,
  steps: readonly ParsedStep[],
  gone: AbortSignal,
): AsyncGenerator<string> {
  const includeUsage = request.stream_options?.include_usage === true;
  const frame = {
    id: createIds(request).completion,
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  const chunk = (delta: object, finish_reason: string | null = null): string =>
    JSON.stringify({
      ...frame,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      ...(includeUsage ? { usage: null } : {}),
    });
  const calls = callsOf(steps, request);
  let called = 0;

  yield chunk({ role: "assistant", content: "" });
  for (const step of steps) {
    if (step.type === "text") for (const word of step.text.match(/\s*\S+|\s+$/g) ?? []) yield chunk({ content: word });
    else if (step.type === "raw") yield step.data;
    else if (step.type === "break") {
      await sleep(FLUSH_MS);
      throw new BrokenStream("scripted end of the connection");
    } else if (step.type === "stall") await stall(step.ms, gone);
    else if (step.type === "tool_call") {
      const index = called;
      const call = calls[index];
      called += 1;
      if (call === undefined) continue;
      yield chunk({
        tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
      });
      for (let at = 0; at < call.arguments.length; at += ARGUMENTS_PIECE) {
        const piece = call.arguments.slice(at, at + ARGUMENTS_PIECE);
        yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
      }
    }
  }
  yield chunk({}, finishReasonOf(steps));
  if (includeUsage) yield JSON.stringify({ ...frame, choices: [], usage: usageOf(request, steps) });
  yield "[DONE]";
}

/** Waits for `ms`, or for the client to leave. */
export async function stall(ms: number | undefined, gone: AbortSignal): Promise<void> {
  // A timer has to stay alive meanwhile; 2^31 - 1 ms is the longest one.
  await sleep(ms ?? 2 ** 31 - 1, undefined, { signal: gone });
}
