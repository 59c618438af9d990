import { createHash } from "node:crypto";
import { isRecord } from "@taskassistant/contracts";
import type { McpSession } from "../../mcp/port.ts";
import type { AgentEvent } from "../events.ts";
import type { ModelTool, ToolCall } from "../model/driver.ts";
import type { PreparedCall, RefusalReason, ToolAdapter } from "./adapter.ts";
import { capInput, capResult, capText } from "./result.ts";

/** The result of a call as the model reads it. */
export interface CallResult {
  readonly id: string;
  readonly content: string;
  /** What was done, for a call that worked: the tool and its arguments. */
  readonly fingerprint?: string;
  /** What was tried and what went wrong, for a call that failed. */
  readonly failure?: string;
}

/** What a batch of calls needs to know of the run. */
export interface BatchContext {
  readonly signal: AbortSignal;
  /** Fingerprints of the calls that have worked in this run. */
  readonly worked: readonly string[];
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
  runNext(calls: readonly ToolCall[], context: BatchContext): Promise<CallResult[]>;
  /** Records calls that the run may not make any more, whatever they hold. */
  refuse(calls: readonly ToolCall[], error: string): Promise<void>;
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
  /** The idempotency key of a change: `ordinal` counts the same changes that have worked before it in this run. */
  keyOf: (fingerprint: string, ordinal: number) => string;
}): ToolRunner {
  const { adapter, session, emit } = deps;
  return { offered: adapter.tools, runNext, refuse: refuseAll };

  async function runNext(calls: readonly ToolCall[], context: BatchContext): Promise<CallResult[]> {
    const settled = await Promise.allSettled(firstBatch(calls).map((entry) => runOne(entry, context)));
    return settled.map((outcome) => {
      if (outcome.status === "rejected") throw outcome.reason;
      return outcome.value;
    });
  }

  function firstBatch(calls: readonly ToolCall[]): Entry[] {
    const batch: Entry[] = [];
    for (const call of calls.slice(0, PARALLEL)) {
      const prepared = adapter.prepare(call.name, call.arguments);
      const entry = {
        call,
        prepared: call.unreadable === undefined ? prepared : notReadable(prepared, call.unreadable),
      };
      const alone = changesSomething(entry.prepared);
      if (alone && batch.length > 0) break;
      batch.push(entry);
      if (alone) break;
    }
    return batch;
  }

  async function runOne({ call, prepared }: Entry, { signal, worked }: BatchContext): Promise<CallResult> {
    signal.throwIfAborted();
    emit({ type: "tool-input", id: call.id, name: call.name, input: capInput(prepared.input) });
    const fingerprint = fingerprintOf(call.name, prepared.input);
    if (prepared.kind === "refused") return refuse(call, prepared, fingerprint);
    const ordinal = worked.filter((earlier) => earlier === fingerprint).length;
    const once = changesSomething(prepared) ? { idempotencyKey: deps.keyOf(fingerprint, ordinal) } : {};
    const result = await session.call(call.name, prepared.args, { signal, ...once }).catch((error) => {
      // The call was refused before it ran. When the run is ended from outside, though, the call may have run.
      if (!signal.aborted) emit({ type: "tool-error", id: call.id, error: "Not done: the answer had to end first." });
      throw error;
    });
    if (result.isError) return fail(call, result.text, fingerprint);
    const { output, content } = capResult(result);
    emit({ type: "tool-output", id: call.id, output });
    return { id: call.id, content: result.replayed === true ? `${ALREADY_DONE}\n${content}` : content, fingerprint };
  }

  async function refuseAll(calls: readonly ToolCall[], error: string): Promise<void> {
    for (const call of calls) {
      const prepared = adapter.prepare(call.name, call.arguments);
      const property = prepared.kind === "refused" ? prepared.injected : undefined;
      const reason = property === undefined ? "not_run" : "injected_argument";
      emit({ type: "tool-input", id: call.id, name: call.name, input: {} });
      await deps.onRefusal({ tool: call.name, reason, property, arguments: prepared.input });
      emit({ type: "tool-error", id: call.id, error });
    }
  }

  async function refuse(
    call: ToolCall,
    prepared: PreparedCall & { kind: "refused" },
    fingerprint: string,
  ): Promise<CallResult> {
    const { reason, injected: property, input } = prepared;
    await deps.onRefusal({ tool: call.name, reason, property, arguments: input });
    return fail(call, prepared.error, fingerprint);
  }

  function fail(call: ToolCall, error: string, fingerprint: string): CallResult {
    const text = capText(error);
    emit({ type: "tool-error", id: call.id, error: text });
    return { id: call.id, content: `Error: ${text}`, failure: digest([fingerprint, call.arguments, text]) };
  }
}

/** What the model reads when an earlier attempt at the same question has made this change. */
const ALREADY_DONE = "This was done already, before the person asked again. It was not done a second time.";

function fingerprintOf(tool: string, input: unknown): string {
  return digest([tool, canonical(input)]);
}

/** The value with the keys of its objects in order, so that two spellings of the same arguments are equal. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, canonical(value[key])]),
  );
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}

/** A call that is valid but may be wrongly put together is refused; one that is refused anyway keeps its own reason. */
function notReadable(prepared: PreparedCall, error: string): PreparedCall {
  return prepared.kind === "refused"
    ? prepared
    : { kind: "refused", reason: "malformed_arguments", input: prepared.input, error };
}

function changesSomething(prepared: PreparedCall): boolean {
  return prepared.kind === "ready" && !prepared.tool.readOnly;
}
