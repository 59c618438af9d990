import type { MessagePart } from "@taskassistant/contracts";
import type { AgentEvent } from "../agent/events.ts";
import { createGrowingText, type GrowingText } from "../agent/growing-text.ts";
import type { KeptStep } from "../agent/kept-state.ts";

interface TextPiece {
  kind: "text" | "reasoning";
  readonly text: GrowingText;
  /** Counts the steps of the answer from 1. */
  readonly step: number;
}
interface CallPiece {
  readonly kind: "call";
  readonly step: number;
  readonly id: string;
  readonly name: string;
  input: unknown;
  /** The call may have reached the MCP server. */
  begun: boolean;
  result?: { output: unknown } | { error: string };
}

/** What stands in the answer for a call that has no result when the run ends. */
const UNFINISHED = "The answer ended before this finished. It may or may not have taken effect.";
const NOT_RUN = "Not run: the answer ended first.";

/** Follows the events of a run and keeps them as the parts of the answer. */
export interface Recorder {
  record(event: AgentEvent): void;
  parts(): MessagePart[];
  /** How the parts belong to steps, and what the provider wants back with each. */
  steps(): KeptStep[];
  /** Everything the assistant said. */
  text(): string;
  /** Errors for the calls that have no result. */
  unfinished(): { type: "tool-error"; id: string; error: string }[];
}

export function createRecorder(): Recorder {
  const pieces: (TextPiece | CallPiece)[] = [];
  const states = new Map<number, Omit<KeptStep, "parts">>();
  let step = 0;
  /** The piece that further text or reasoning belongs to. */
  let open: TextPiece | undefined;

  return { record, parts: () => pieces.map(toPart), steps, text, unfinished };

  function record(event: AgentEvent): void {
    if (event.type === "text" || event.type === "reasoning") {
      if (open?.kind !== event.type) {
        open = { kind: event.type, text: createGrowingText(), step };
        pieces.push(open);
      }
      open.text.add(event.delta);
      return;
    }
    open = undefined;
    if (event.type === "step-start") step += 1;
    if (event.type === "text-was-reasoning") reclassify();
    if (event.type === "step-state") {
      states.set(step, {
        ...(event.message === undefined ? {} : { message: event.message }),
        ...(Object.keys(event.calls).length === 0 ? {} : { calls: event.calls }),
      });
    }
    if (event.type === "tool-start")
      pieces.push({ kind: "call", id: event.id, name: event.name, input: {}, begun: false, step });
    const call = "id" in event ? callOf(event.id) : undefined;
    if (call === undefined) return;
    if (event.type === "tool-input") Object.assign(call, { input: event.input, begun: true });
    if (event.type === "tool-output") call.result = { output: event.output };
    if (event.type === "tool-error") call.result = { error: event.error };
  }

  function reclassify(): void {
    for (const piece of pieces) if (piece.step === step && piece.kind === "text") piece.kind = "reasoning";
  }

  function steps(): KeptStep[] {
    return Array.from({ length: step + 1 }, (_, at) => ({
      parts: pieces.filter((piece) => piece.step === at).length,
      ...states.get(at),
    })).filter((kept) => kept.parts > 0);
  }

  function callOf(id: string): CallPiece | undefined {
    return pieces.find((piece): piece is CallPiece => piece.kind === "call" && piece.id === id);
  }

  function text(): string {
    return pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text.toString()] : [])).join("\n\n");
  }

  function unfinished(): { type: "tool-error"; id: string; error: string }[] {
    return pieces.flatMap((piece) =>
      piece.kind === "call" && piece.result === undefined
        ? [{ type: "tool-error" as const, id: piece.id, error: errorOf(piece) }]
        : [],
    );
  }
}

function errorOf(call: CallPiece): string {
  return call.begun ? UNFINISHED : NOT_RUN;
}

function toPart(piece: TextPiece | CallPiece): MessagePart {
  if (piece.kind !== "call") return { type: piece.kind, text: piece.text.toString() };
  const call = { type: "dynamic-tool" as const, toolName: piece.name, toolCallId: piece.id, input: piece.input };
  const result = piece.result ?? { error: errorOf(piece) };
  if ("error" in result) return { ...call, state: "output-error", errorText: result.error };
  return { ...call, state: "output-available", output: result.output };
}
