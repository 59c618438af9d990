import type { Message, MessagePart } from "@taskassistant/contracts";
import type { AgentMessage } from "./model/driver.ts";

/** Maximum number of characters of earlier messages that go to the model, about 12,000 tokens. */
const BUDGET = 48_000;

/** Takes the place of a missing answer, because providers want the roles to alternate. */
const NO_ANSWER =
  "(No answer is kept here: it may have got lost or still be on its way. Do nothing about it unless asked again.)";

/**
 * The stored messages as the model reads them, with the question last. What was asked after the question is left out: it
 * belongs to another run, which may still be going on. History that exceeds the budget loses its oldest questions, each
 * together with its answer, so a call never loses its result. The question itself always stays.
 */
export function historyFor(
  messages: readonly Message[],
  question: { id: string; text: string },
  budget = BUDGET,
): AgentMessage[] {
  const pairs = pairsOf(messages);
  const at = pairs.findIndex((pair) => pair.question.id === question.id);
  const kept: AgentMessage[][] = [[{ role: "user", content: question.text }]];
  let size = question.text.length;
  for (const pair of pairs.slice(0, Math.max(at, 0)).reverse()) {
    const read = readPair(pair);
    size += read.reduce((sum, message) => sum + sizeOf(message), 0);
    if (size > budget) break;
    kept.unshift(read);
  }
  return kept.flat();
}

interface Pair {
  readonly question: Message;
  answer?: Message;
}

/**
 * Pairs each question with its answer. The answer need not follow directly, since runs of one conversation may go on side
 * by side. An answer that does not name its question belongs to the newest question before it that has none.
 */
function pairsOf(messages: readonly Message[]): Pair[] {
  const pairs: Pair[] = [];
  for (const message of messages) {
    if (message.role === "user") {
      pairs.push({ question: message });
      continue;
    }
    const { question_id } = message.metadata;
    const pair = pairs.findLast(({ question, answer }) =>
      question_id === undefined ? answer === undefined : question.id === question_id,
    );
    if (pair !== undefined) pair.answer = message;
  }
  return pairs;
}

function readPair({ question, answer }: Pair): AgentMessage[] {
  const read: AgentMessage[] = answer ? answerOf(answer) : [{ role: "assistant", content: NO_ANSWER, calls: [] }];
  return [{ role: "user", content: textOf(question.parts) }, ...read];
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
