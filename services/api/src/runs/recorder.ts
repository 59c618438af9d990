import type { MessagePart } from "@taskassistant/contracts";
import type { AgentEvent } from "../agent/events.ts";

interface TextPiece {
  readonly kind: "text";
  text: string;
}
interface CallPiece {
  readonly kind: "call";
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
  /** Everything the assistant said. */
  text(): string;
  /** Errors for the calls that have no result. */
  unfinished(): { type: "tool-error"; id: string; error: string }[];
}

export function createRecorder(): Recorder {
  const pieces: (TextPiece | CallPiece)[] = [];
  let inText = false;

  return { record, parts: () => pieces.map(toPart), text, unfinished };

  function record(event: AgentEvent): void {
    const last = pieces.at(-1);
    if (event.type === "text") {
      if (inText && last?.kind === "text") last.text += event.delta;
      else pieces.push({ kind: "text", text: event.delta });
      inText = true;
      return;
    }
    inText = false;
    if (event.type === "tool-start")
      pieces.push({ kind: "call", id: event.id, name: event.name, input: {}, begun: false });
    const call = "id" in event ? callOf(event.id) : undefined;
    if (call === undefined) return;
    if (event.type === "tool-input") Object.assign(call, { input: event.input, begun: true });
    if (event.type === "tool-output") call.result = { output: event.output };
    if (event.type === "tool-error") call.result = { error: event.error };
  }

  function callOf(id: string): CallPiece | undefined {
    return pieces.find((piece): piece is CallPiece => piece.kind === "call" && piece.id === id);
  }

  function text(): string {
    return pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text] : [])).join("\n\n");
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
  if (piece.kind === "text") return { type: "text", text: piece.text };
  const call = { type: "dynamic-tool" as const, toolName: piece.name, toolCallId: piece.id, input: piece.input };
  const result = piece.result ?? { error: errorOf(piece) };
  if ("error" in result) return { ...call, state: "output-error", errorText: result.error };
  return { ...call, state: "output-available", output: result.output };
}
