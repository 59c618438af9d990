import type { McpSession } from "../../mcp/port.ts";
import type { AgentEvent } from "../events.ts";
import type { ModelTool, ToolCall } from "../model/driver.ts";
import type { PreparedCall, RefusalReason, ToolAdapter } from "./adapter.ts";
import { capInput, capResult, capText } from "./result.ts";

/** The result of a call as the model reads it. */
export interface CallResult {
  readonly id: string;
  readonly content: string;
}

/** Runs the calls of one step. */
export interface ToolRunner {
  /** The tools as the model sees them. */
  readonly offered: readonly ModelTool[];
  /**
   * Runs the first calls of the list that may run side by side, and returns their results in order; the calls after those
   * wait for the next move. Calls that only read run side by side, a call that changes something runs alone. Throws when
   * no further call can work, see `McpSession.call`.
   */
  runNext(calls: readonly ToolCall[], signal: AbortSignal): Promise<CallResult[]>;
}

/** A call that was not made. */
export interface RefusedCall {
  readonly tool: string;
  readonly reason: RefusalReason;
  /** The argument that only the API may fill, where the model sent one. */
  readonly property: string | undefined;
  readonly arguments: unknown;
}

/** Maximum number of calls at a time. */
const PARALLEL = 4;

interface Entry {
  readonly call: ToolCall;
  readonly prepared: PreparedCall;
}

export function createToolRunner(deps: {
  adapter: ToolAdapter;
  session: McpSession;
  emit: (event: AgentEvent) => void;
  /** Waited for before the model learns of the refusal. */
  onRefusal: (call: RefusedCall) => Promise<void>;
}): ToolRunner {
  const { adapter, session, emit } = deps;
  return { offered: adapter.tools, runNext };

  async function runNext(calls: readonly ToolCall[], signal: AbortSignal): Promise<CallResult[]> {
    const settled = await Promise.allSettled(firstBatch(calls).map((entry) => runOne(entry, signal)));
    return settled.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  }

  function firstBatch(calls: readonly ToolCall[]): Entry[] {
    const batch: Entry[] = [];
    for (const call of calls.slice(0, PARALLEL)) {
      const entry = { call, prepared: adapter.prepare(call.name, call.arguments) };
      const alone = changesSomething(entry.prepared);
      if (alone && batch.length > 0) break;
      batch.push(entry);
      if (alone) break;
    }
    return batch;
  }

  async function runOne({ call, prepared }: Entry, signal: AbortSignal): Promise<CallResult> {
    signal.throwIfAborted();
    emit({ type: "tool-input", id: call.id, name: call.name, input: capInput(prepared.input) });
    if (prepared.kind === "refused") return refuse(call, prepared);
    const result = await session.call(call.name, prepared.args, signal).catch((error) => {
      // The call was refused before it ran. When the run is ended from outside, though, the call may have run.
      if (!signal.aborted) emit({ type: "tool-error", id: call.id, error: "Not done: the answer had to end first." });
      throw error;
    });
    if (result.isError) return fail(call, result.text);
    const { output, content } = capResult(result);
    emit({ type: "tool-output", id: call.id, output });
    return { id: call.id, content };
  }

  async function refuse(call: ToolCall, prepared: PreparedCall & { kind: "refused" }): Promise<CallResult> {
    const { reason, injected: property, input } = prepared;
    await deps.onRefusal({ tool: call.name, reason, property, arguments: input });
    return fail(call, prepared.error);
  }

  function fail(call: ToolCall, error: string): CallResult {
    const text = capText(error);
    emit({ type: "tool-error", id: call.id, error: text });
    return { id: call.id, content: `Error: ${text}` };
  }
}

function changesSomething(prepared: PreparedCall): boolean {
  return prepared.kind === "ready" && !prepared.tool.readOnly;
}
