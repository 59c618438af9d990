import type { McpSession } from "../../mcp/port.ts";
import type { ModelTool, ToolCall, TurnEvent } from "../model/driver.ts";
import type { PreparedCall, ToolAdapter } from "./adapter.ts";
import { capInput, capResult, capText } from "./result.ts";

/** What the model reads as the answer of a call. */
export type CallAnswer = { id: string; content: string };

/** Runs the calls of one step. */
export type ToolRunner = {
  /** The tools as the model sees them. */
  offered: readonly ModelTool[];
  /**
   * Runs calls and answers in their order. Neighbouring calls that only read run side by side; a call that changes
   * something runs alone. Throws when no further call can work, see `McpSession.call`.
   */
  run(calls: readonly ToolCall[], signal: AbortSignal): Promise<CallAnswer[]>;
};

/** A call that brought an argument only the API may fill. */
export type InjectionAttempt = { tool: string; property: string; arguments: unknown };

/** Most calls at a time. */
const PARALLEL = 4;

export function createToolRunner(deps: {
  adapter: ToolAdapter;
  session: McpSession;
  emit: (event: TurnEvent) => void;
  onInjection: (attempt: InjectionAttempt) => Promise<void>;
}): ToolRunner {
  const { adapter, session, emit } = deps;

  const refuse = async (call: ToolCall, prepared: PreparedCall & { kind: "refused" }): Promise<CallAnswer> => {
    if (prepared.injected !== undefined) {
      await deps.onInjection({ tool: call.name, property: prepared.injected, arguments: prepared.input });
    }
    return fail(call, prepared.error);
  };

  const fail = (call: ToolCall, error: string): CallAnswer => {
    const text = capText(error);
    emit({ type: "tool-error", id: call.id, error: text });
    return { id: call.id, content: `Error: ${text}` };
  };

  const runOne = async (call: ToolCall, prepared: PreparedCall, signal: AbortSignal): Promise<CallAnswer> => {
    signal.throwIfAborted();
    emit({ type: "tool-input", id: call.id, name: call.name, input: capInput(prepared.input) });
    if (prepared.kind === "refused") return refuse(call, prepared);
    const result = await session.call(call.name, prepared.args, signal).catch((error) => {
      // Refused before it ran, unless the turn was ended from outside in the middle of it.
      if (!signal.aborted) emit({ type: "tool-error", id: call.id, error: "Not done: the turn had to end before." });
      throw error;
    });
    if (result.isError) return fail(call, result.text);
    const { output, content } = capResult(result);
    emit({ type: "tool-output", id: call.id, output });
    return { id: call.id, content };
  };

  const run = async (calls: readonly ToolCall[], signal: AbortSignal): Promise<CallAnswer[]> => {
    const answers: CallAnswer[] = [];
    const prepared = calls.map((call) => ({ call, prepared: adapter.prepare(call.name, call.arguments) }));
    for (const batch of batches(prepared, (entry) => changesNothing(entry.prepared))) {
      const settled = await Promise.allSettled(batch.map((entry) => runOne(entry.call, entry.prepared, signal)));
      for (const outcome of settled) {
        if (outcome.status === "rejected") throw outcome.reason;
        answers.push(outcome.value);
      }
    }
    return answers;
  };

  return { offered: adapter.tools, run };
}

function changesNothing(prepared: PreparedCall): boolean {
  return prepared.kind === "refused" || prepared.tool.readOnly;
}

/** Neighbours that may run side by side, at most four; every other entry alone. */
function batches<T>(entries: readonly T[], together: (entry: T) => boolean): T[][] {
  const result: T[][] = [];
  let open: T[] | undefined;
  for (const entry of entries) {
    const joins = together(entry);
    if (joins && open !== undefined && open.length < PARALLEL) open.push(entry);
    else {
      const batch = [entry];
      result.push(batch);
      open = joins ? batch : undefined;
    }
  }
  return result;
}
