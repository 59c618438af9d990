import type { AgentEvent } from "./events.ts";
import { createGrowingText } from "./growing-text.ts";
import { newCallId, usableId } from "./model/call-form.ts";
import type { AnswerEnd, ModelDriver, ModelRequest, OpaqueFields, ToolCall } from "./model/driver.ts";

/** What one model call gave. Its calls have ids that are new to the conversation. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** `cut` when the text exceeded `textLeft`; the answer was not read any further. */
  readonly reason: AnswerEnd | "cut";
  readonly state?: OpaqueFields;
}

/** Maximum number of characters of reasoning in one answer that are shown. The rest is passed over. */
const REASONING_MAX = 64_000;

/** Asks the model once and reports its answer as it arrives. Throws what the driver throws. */
export async function readAnswer(
  deps: { driver: ModelDriver; emit: (event: AgentEvent) => void },
  request: ModelRequest,
  { textLeft, usedIds }: { textLeft: number; usedIds: readonly string[] },
): Promise<Answer> {
  const used = new Set(usedIds);
  /** Ids of the calls in their order. */
  const ids: string[] = [];
  let text = createGrowingText();
  let read = 0;
  let reasoned = 0;
  let calls: readonly ToolCall[] = [];
  let reason: AnswerEnd = "stop";
  let state: OpaqueFields | undefined;

  for await (const event of deps.driver.ask(request)) {
    request.signal.throwIfAborted();
    switch (event.type) {
      case "text": {
        const delta = event.delta.slice(0, textLeft - read);
        text.add(delta);
        read += delta.length;
        if (delta !== "") deps.emit({ type: "text", delta });
        if (delta.length < event.delta.length) return { text: text.toString(), calls: [], reason: "cut" };
        break;
      }
      case "reasoning": {
        const delta = event.delta.slice(0, REASONING_MAX - reasoned);
        reasoned += delta.length;
        if (delta !== "") deps.emit({ type: "reasoning", delta });
        break;
      }
      case "text-was-reasoning":
        text = createGrowingText();
        deps.emit(event);
        break;
      case "call-start": {
        const id = usableId(event.id, used);
        used.add(id);
        ids.push(id);
        deps.emit({ type: "tool-start", id, name: event.name });
        break;
      }
      case "done":
        calls = event.calls.map((call, index) => ({ ...call, id: ids[index] ?? newCallId() }));
        reason = event.reason;
        state = event.state;
    }
  }
  return { text: text.toString(), calls, reason, ...(state === undefined ? {} : { state }) };
}
