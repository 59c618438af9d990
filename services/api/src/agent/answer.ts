import type { AgentEvent } from "./events.ts";
import { usableId } from "./model/call-form.ts";
import type { AnswerEnd, ModelDriver, ModelRequest, OpaqueFields, ToolCall } from "./model/driver.ts";

/** What one model call gave. Its calls have ids that are new to the run. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** `cut` when the text exceeded `textLeft`; the answer was not read any further. */
  readonly reason: AnswerEnd | "cut";
  readonly state?: OpaqueFields;
}

/** Asks the model once and reports its answer as it arrives. Throws what the driver throws. */
export async function readAnswer(
  deps: { driver: ModelDriver; emit: (event: AgentEvent) => void },
  request: ModelRequest,
  { textLeft, usedIds }: { textLeft: number; usedIds: readonly string[] },
): Promise<Answer> {
  const used = new Set(usedIds);
  /** Our ids by the driver's. */
  const ids = new Map<string, string>();
  let text = "";
  let calls: readonly ToolCall[] = [];
  let reason: AnswerEnd = "stop";
  let state: OpaqueFields | undefined;

  for await (const event of deps.driver.ask(request)) {
    request.signal.throwIfAborted();
    switch (event.type) {
      case "text": {
        const delta = event.delta.slice(0, textLeft - text.length);
        text += delta;
        if (delta !== "") deps.emit({ type: "text", delta });
        if (delta.length < event.delta.length) return { text, calls: [], reason: "cut" };
        break;
      }
      case "call-start": {
        const id = usableId(event.id, used);
        used.add(id);
        ids.set(event.id, id);
        deps.emit({ type: "tool-start", id, name: event.name });
        break;
      }
      case "done":
        calls = event.calls.map((call) => ({ ...call, id: ids.get(call.id) ?? call.id }));
        reason = event.reason;
        state = event.state;
    }
  }
  return { text, calls, reason, ...(state === undefined ? {} : { state }) };
}
