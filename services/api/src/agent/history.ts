import type { Message, MessagePart } from "@taskassistant/contracts";
import type { AgentMessage } from "./model/driver.ts";

/** Most characters of earlier messages that go to the model, about 12,000 tokens. */
const BUDGET = 48_000;

/** Stands where a message of the person has no answer behind it: providers want the roles to alternate. */
const NO_ANSWER =
  "(No answer is kept here: it may have got lost or still be on its way. Do nothing about it unless asked again.)";

/**
 * The stored messages as the model reads them, and the question last. What was asked after the question belongs to another
 * turn, which may be running. Trimmed to a budget at turn boundaries: a turn is kept whole or left out, so a call never
 * loses its result. The question always stays.
 */
export function historyFor(
  messages: readonly Message[],
  question: { id: string; text: string },
  budget = BUDGET,
): AgentMessage[] {
  const turns = turnsOf(messages);
  const at = turns.findIndex((turn) => turn.question.id === question.id);
  const kept: AgentMessage[][] = [[{ role: "user", content: question.text }]];
  let size = question.text.length;
  for (const turn of turns.slice(0, Math.max(at, 0)).reverse()) {
    const answer: AgentMessage[] = turn.answer
      ? answerOf(turn.answer)
      : [{ role: "assistant", content: NO_ANSWER, calls: [] }];
    const read: AgentMessage[] = [{ role: "user", content: textOf(turn.question.parts) }, ...answer];
    size += read.reduce((sum, message) => sum + sizeOf(message), 0);
    if (size > budget) break;
    kept.unshift(read);
  }
  return kept.flat();
}

type StoredTurn = { question: Message; answer?: Message };

/**
 * Each message of the person with its answer, which need not follow it: turns of one conversation may run side by side.
 * An answer that doesn't say what it answers is that of the newest question before it without one.
 */
function turnsOf(messages: readonly Message[]): StoredTurn[] {
  const turns: StoredTurn[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      turns.push({ question: message });
      continue;
    }
    const { question_id } = message.metadata;
    const turn = turns.findLast(({ question, answer }) =>
      question_id === undefined ? answer === undefined : question.id === question_id,
    );
    if (turn !== undefined) turn.answer = message;
  }
  return turns;
}

function answerOf(message: Message): AgentMessage[] {
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
