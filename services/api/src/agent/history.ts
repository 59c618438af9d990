import type { Message, MessagePart } from "@taskassistant/contracts";
import type { AgentMessage } from "./messages.ts";

/** Most characters of earlier messages that go to the model, about 12,000 tokens. */
const BUDGET = 48_000;

/**
 * The stored messages as the model reads them, the newest last. Trimmed to a budget at turn boundaries: a turn is kept
 * whole or left out, so a call never loses its result. The newest turn always stays.
 */
export function historyFor(messages: readonly Message[], budget = BUDGET): AgentMessage[] {
  const turns = turnsOf(messages).map((turn) => turn.flatMap(toAgentMessages));
  const kept: AgentMessage[][] = [];
  let size = 0;
  for (const turn of turns.toReversed()) {
    size += turn.reduce((sum, message) => sum + sizeOf(message), 0);
    if (kept.length > 0 && size > budget) break;
    kept.unshift(turn);
  }
  return kept.flat();
}

/** A turn is a message of the person and what followed it. */
function turnsOf(messages: readonly Message[]): Message[][] {
  const turns: Message[][] = [];
  for (const message of messages) {
    if (message.role === "user") turns.push([message]);
    else turns.at(-1)?.push(message);
  }
  return turns;
}

function toAgentMessages(message: Message): AgentMessage[] {
  if (message.role === "user") return [{ role: "user", content: textOf(message.parts) }];

  const result: AgentMessage[] = [];
  let said = "";
  for (const part of message.parts) {
    if (part.type === "text") {
      said += part.text;
      continue;
    }
    const call = { id: part.toolCallId, name: part.toolName, arguments: JSON.stringify(part.input ?? {}) };
    result.push({ role: "assistant", content: said, calls: [call] });
    result.push({ role: "tool", callId: call.id, content: contentOf(part) });
    said = "";
  }
  const ended =
    message.metadata.status === "completed" ? "" : `(${message.metadata.error ?? "This answer was stopped."})`;
  const closing = [said, ended].filter((text) => text !== "").join("\n");
  if (closing !== "" || result.length === 0)
    result.push({ role: "assistant", content: closing || "(no answer)", calls: [] });
  return result;
}

function contentOf(part: Extract<MessagePart, { type: "dynamic-tool" }>): string {
  if (part.state === "output-error") return `Error: ${part.errorText ?? "the call failed"}`;
  return typeof part.output === "string" ? part.output : JSON.stringify(part.output ?? null);
}

function textOf(parts: readonly MessagePart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function sizeOf(message: AgentMessage): number {
  const calls = message.role === "assistant" ? message.calls : [];
  return calls.reduce((sum, call) => sum + call.name.length + call.arguments.length, message.content.length);
}
