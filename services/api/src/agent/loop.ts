import { randomUUID } from "node:crypto";
import { TurnError } from "./model/errors.ts";
import type { AgentMessage, ModelDriver, ToolCall, TurnEvent } from "./model/driver.ts";
import type { ToolRunner } from "./tools/runner.ts";

export type LoopLimits = {
  /** Most model calls. */
  steps: number;
  /** Most tool calls. */
  toolCalls: number;
  /** Most characters of text. */
  textLength: number;
};

/** How a loop ends when nothing fails. `limited` carries the sentence for the person. */
export type LoopEnd = { status: "completed" } | { status: "limited"; error: string };

/**
 * Model, tools, model, tools, until the model has nothing more to ask for. Reports what happens through `emit`, in order.
 * Throws `TurnError`, what the tools throw when no further call can work, or the abort reason of the signal.
 */
export async function runLoop(
  deps: { driver: ModelDriver; tools: ToolRunner; limits: LoopLimits; emit: (event: TurnEvent) => void },
  input: { messages: readonly AgentMessage[]; signal: AbortSignal },
): Promise<LoopEnd> {
  const { driver, tools, limits, emit } = deps;
  const messages = [...input.messages];
  const usedIds = new Set<string>();
  let callsLeft = limits.toolCalls;
  let textLeft = limits.textLength;

  for (let step = 1; step <= limits.steps; step++) {
    emit({ type: "step-start" });
    const answer = await oneStep(step);
    messages.push({ role: "assistant", content: answer.text, calls: answer.calls.map(withValidArguments) });

    if (answer.calls.length === 0) {
      emit({ type: "step-finish" });
      return endOf(answer.reason);
    }
    if (answer.reason !== "stop") {
      // Of an answer that was cut nobody knows what its calls were going to be.
      leave(answer.calls, "Not run: the model's answer was cut off.");
      emit({ type: "step-finish" });
      return endOf(answer.reason);
    }
    const runnable = answer.calls.slice(0, callsLeft);
    callsLeft -= runnable.length;
    for (const result of await tools.run(runnable, input.signal)) {
      messages.push({ role: "tool", callId: result.id, content: result.content });
    }
    leave(answer.calls.slice(runnable.length), `Not run: a turn has at most ${limits.toolCalls} tool calls.`);
    emit({ type: "step-finish" });
    if (runnable.length < answer.calls.length) {
      return {
        status: "limited",
        error: `I stopped after ${limits.toolCalls} tool calls in one turn. Ask me to go on.`,
      };
    }
  }
  return { status: "limited", error: `I stopped after ${limits.steps} steps in one turn. Ask me to go on.` };

  function leave(calls: readonly ToolCall[], error: string): void {
    for (const call of calls) {
      emit({ type: "tool-input", id: call.id, name: call.name, input: {} });
      emit({ type: "tool-error", id: call.id, error });
    }
  }

  async function oneStep(step: number): Promise<Answer> {
    let text = "";
    let calls: ToolCall[] = [];
    let reason: Answer["reason"] = "stop";
    const ids = new Map<string, string>();

    for await (const event of driver.step({ messages, tools: tools.offered, signal: input.signal })) {
      input.signal.throwIfAborted();
      if (event.type === "text") {
        const delta = event.delta.slice(0, textLeft);
        textLeft -= delta.length;
        text += delta;
        if (delta !== "") emit({ type: "text", delta });
        if (delta.length < event.delta.length) return { text, calls: [], reason: "cut" };
      } else if (event.type === "call-start") {
        const id = freshId(event.id, usedIds);
        ids.set(event.id, id);
        emit({ type: "tool-start", id, name: event.name });
      } else {
        calls = event.calls.map((call) => ({ ...call, id: ids.get(call.id) ?? call.id }));
        reason = event.reason;
      }
    }
    if (text === "" && calls.length === 0 && reason === "stop" && step === 1) {
      throw new TurnError("model_unavailable", "The model gave an empty answer. Try again.");
    }
    return { text, calls, reason };
  }
}

type Answer = { text: string; calls: ToolCall[]; reason: "stop" | "length" | "filtered" | "cut" };

function endOf(reason: Answer["reason"]): LoopEnd {
  if (reason === "length") return { status: "limited", error: "The answer reached the model's length limit." };
  if (reason === "filtered") return { status: "limited", error: "The model provider's content filter cut the answer." };
  if (reason === "cut") return { status: "limited", error: "The answer was too long and was cut." };
  return { status: "completed" };
}

/** Providers refuse a history whose arguments are not JSON; what the model wrote is answered by an error anyway. */
function withValidArguments(call: ToolCall): ToolCall {
  try {
    JSON.parse(call.arguments);
    return call;
  } catch {
    return { ...call, arguments: "{}" };
  }
}

/** The model's own call id where it is usable: providers expect it back. Ids must differ within a message. */
function freshId(id: string, used: Set<string>): string {
  const usable = /^[\w.:-]{1,100}$/.test(id) && !used.has(id) ? id : `call_${randomUUID()}`;
  used.add(usable);
  return usable;
}
