import { readAnswer } from "./answer.ts";
import { endAfter, outOfCalls, outOfSteps, TIME_IS_UP } from "./answer-end.ts";
import type { AgentEvent } from "./events.ts";
import { usableArguments } from "./model/call-form.ts";
import type { ModelDriver, OpaqueFields, ToolCall } from "./model/driver.ts";
import { FAILED_CALL, ModelError } from "./model/errors.ts";
import type { AgentEnd, AgentState, NextMove } from "./state.ts";
import type { ToolRunner } from "./tools/runner.ts";

type RunCalls = Extract<NextMove, { do: "run-calls" }>;

export interface AgentDeps {
  readonly driver: ModelDriver;
  readonly tools: ToolRunner;
  /** Receives what happens, in order and at once, since a person is reading along. */
  readonly emit: (event: AgentEvent) => void;
  readonly signal: AbortSignal;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

/**
 * Makes the next move: asks the model once, or runs one batch of calls. Returns the state after it; the state given stays
 * as it is. Throws `ModelError`, what the tools throw when no further call can work, or the abort reason of the signal.
 */
export async function advance(state: AgentState, deps: AgentDeps): Promise<AgentState> {
  if (state.next.do === "end") return state;
  if (state.left.ms <= 0) return ended(state, TIME_IS_UP);
  const startedAt = deps.now();
  const moved = state.next.do === "ask-model" ? await askModel(state, deps) : await runCalls(state, state.next, deps);
  return { ...moved, left: { ...moved.left, ms: Math.max(0, moved.left.ms - (deps.now() - startedAt)) } };
}

async function askModel(state: AgentState, deps: AgentDeps): Promise<AgentState> {
  const { messages, limits, left, usedIds } = state;
  deps.emit({ type: "step-start" });
  const request = { messages, tools: deps.tools.offered, signal: deps.signal };
  const {
    text,
    calls,
    reason,
    state: opaque,
  } = await readAnswer(deps, request, { textLeft: left.textLength, usedIds });
  if (text.trim() === "" && calls.length === 0 && reason === "stop" && left.steps === limits.steps) {
    throw new ModelError("model_unavailable", "The model gave an empty answer. Try again.");
  }

  deps.emit({ type: "step-state", message: opaque, calls: statesOf(calls) });
  const answer = {
    role: "assistant" as const,
    content: text,
    calls: calls.map(withUsableArguments),
    ...(opaque === undefined ? {} : { state: opaque }),
  };
  const runnable = reason === "stop" ? calls.slice(0, left.toolCalls) : [];
  const asked: AgentState = {
    ...state,
    messages: [...messages, answer],
    left: {
      ...left,
      steps: left.steps - 1,
      textLength: left.textLength - text.length,
      toolCalls: left.toolCalls - runnable.length,
    },
    usedIds: [...usedIds, ...calls.map((call) => call.id)],
  };
  if (calls.length === 0 || reason !== "stop") {
    // The arguments of a cut answer may be incomplete.
    await deps.tools.refuse(calls, "Not run: the model's answer was cut off.");
    deps.emit({ type: "step-finish" });
    return ended(asked, endAfter(reason));
  }
  return continueCalls(asked, runnable, calls.slice(runnable.length), deps);
}

async function runCalls(state: AgentState, { calls, refused }: RunCalls, deps: AgentDeps): Promise<AgentState> {
  const results = await deps.tools.runNext(calls, { signal: deps.signal, worked: state.worked });
  const read = results.map(({ id, content }) => ({ role: "tool" as const, callId: id, content }));
  const failed = results.flatMap(({ failure }) =>
    failure === undefined ? [] : [{ what: failure, stepsLeft: state.left.steps }],
  );
  if (failed.some((now) => state.failed.some((then) => now.what === then.what && now.stepsLeft !== then.stepsLeft))) {
    // The model has read the error and did the same again. It would go on like this.
    throw new ModelError("model_unavailable", FAILED_CALL);
  }
  const ran = {
    ...state,
    messages: [...state.messages, ...read],
    worked: [...state.worked, ...results.flatMap(({ fingerprint }) => fingerprint ?? [])],
    failed: [...state.failed, ...failed],
  };
  return continueCalls(ran, calls.slice(results.length), refused, deps);
}

/** What follows when `calls` are still to run: those or, when there are none, the next step. */
async function continueCalls(
  state: AgentState,
  calls: readonly ToolCall[],
  refused: readonly ToolCall[],
  deps: AgentDeps,
): Promise<AgentState> {
  if (calls.length > 0) return { ...state, next: { do: "run-calls", calls, refused } };
  await deps.tools.refuse(refused, `Not run: one answer can use at most ${state.limits.toolCalls} tool calls.`);
  deps.emit({ type: "step-finish" });
  if (refused.length > 0) return ended(state, outOfCalls(state.limits));
  if (state.left.steps <= 0) return ended(state, outOfSteps(state.limits));
  return { ...state, next: { do: "ask-model" } };
}

function ended(state: AgentState, end: AgentEnd): AgentState {
  return { ...state, next: { do: "end", end } };
}

function withUsableArguments(call: ToolCall): ToolCall {
  return { ...call, arguments: usableArguments(call.arguments) };
}

function statesOf(calls: readonly ToolCall[]): Record<string, OpaqueFields> {
  return Object.fromEntries(calls.flatMap(({ id, state }) => (state === undefined ? [] : [[id, state]])));
}
