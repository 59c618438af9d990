import type { MessagePart } from "@taskassistant/contracts";
import type { TurnEvent } from "../agent/model/driver.ts";

type Pending = {
  kind: "tool";
  id: string;
  name: string;
  input: unknown;
  /** Its arguments were read and it was about to be made. */
  begun: boolean;
  result?: { output: unknown } | { error: string };
};
type Piece = { kind: "text"; text: string } | Pending;

/** What stands in a message for a call that had no result when the turn ended: begun, or not even that. */
const UNFINISHED = "The turn ended before this finished. It may or may not have taken effect.";
const NOT_RUN = "Not run: the turn ended before.";

/** Follows the events of a turn and keeps them as the parts of the assistant's message. */
export type Recorder = {
  record(event: TurnEvent): void;
  parts(): MessagePart[];
  /** Everything the assistant said. */
  text(): string;
  /** The errors that calls without a result are left with. */
  unfinished(): { type: "tool-error"; id: string; error: string }[];
};

export function createRecorder(): Recorder {
  const pieces: Piece[] = [];
  let inText = false;

  const pending = (id: string): Pending | undefined =>
    pieces.find((piece): piece is Pending => piece.kind === "tool" && piece.id === id);

  const record = (event: TurnEvent): void => {
    const last = pieces.at(-1);
    if (event.type === "text") {
      if (inText && last?.kind === "text") last.text += event.delta;
      else pieces.push({ kind: "text", text: event.delta });
      inText = true;
      return;
    }
    inText = false;
    if (event.type === "tool-start")
      pieces.push({ kind: "tool", id: event.id, name: event.name, input: {}, begun: false });
    const call = "id" in event ? pending(event.id) : undefined;
    if (call === undefined) return;
    if (event.type === "tool-input") Object.assign(call, { input: event.input, begun: true });
    if (event.type === "tool-output") call.result = { output: event.output };
    if (event.type === "tool-error") call.result = { error: event.error };
  };

  const text = () => pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text] : [])).join("\n\n");
  const unfinished = () =>
    pieces.flatMap((piece) =>
      piece.kind === "tool" && piece.result === undefined
        ? [{ type: "tool-error" as const, id: piece.id, error: errorOf(piece) }]
        : [],
    );
  return { record, parts: () => pieces.map(toPart), text, unfinished };
}

function errorOf(call: Pending): string {
  return call.begun ? UNFINISHED : NOT_RUN;
}

function toPart(piece: Piece): MessagePart {
  if (piece.kind === "text") return { type: "text", text: piece.text };
  const call = { type: "dynamic-tool" as const, toolName: piece.name, toolCallId: piece.id, input: piece.input };
  const result = piece.result ?? { error: errorOf(piece) };
  if ("error" in result) return { ...call, state: "output-error", errorText: result.error };
  return { ...call, state: "output-available", output: result.output };
}
