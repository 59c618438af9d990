import type { MessagePart } from "@taskassistant/contracts";
import type { AgentMessage, OpaqueFields, ToolCall } from "./model/driver.ts";
import { FILTERED_QUESTION } from "./model/errors.ts";
import { type HistoryMessage, type Pair, pairsOf } from "./question-pairs.ts";

/** Maximum number of characters of earlier messages that go to the model, about 12,000 tokens. */
const BUDGET = 48_000;

/** Takes the place of a missing answer, because providers want the roles to alternate. */
const NO_ANSWER =
  "(No answer is kept here: it may have got lost or still be on its way. Do nothing about it unless asked again.)";

export interface History {
  /** What the model reads. */
  readonly messages: AgentMessage[];
  /** The first of the questions that ask the same again because no answer to it was complete; often the question itself. */
  readonly firstAskedAs: string;
}

export interface HistoryOptions {
  /** `ModelDriver.origin`: state of answers goes back to the endpoint and model they came from, and nowhere else. */
  readonly origin?: string;
  readonly budget?: number;
}

/**
 * The stored messages as the model reads them, with the question last. What was asked after the question is left out: it
 * belongs to another run, which may still be going on. History that exceeds the budget loses its oldest questions, each
 * together with its answer, so a call never loses its result. The question itself always stays.
 *
 * A question that repeats the one before it, whose answer was not completed, goes on from there: the calls that ran follow
 * it with their results, so that the model does not make them again.
 */
export function historyFor(
  messages: readonly HistoryMessage[],
  question: { id: string; text: string },
  { origin, budget = BUDGET }: HistoryOptions = {},
): History {
  const pairs = pairsOf(messages);
  const at = Math.max(
    0,
    pairs.findIndex((pair) => pair.question.id === question.id),
  );
  const first = firstAttempt(pairs, at, question.text);
  const ran = pairs.slice(first, at).flatMap(({ answer }) => (answer ? callsThatRan(answer, origin) : []));
  const kept: AgentMessage[][] = [[{ role: "user", content: question.text }, ...ran]];
  let size = question.text.length;
  for (const pair of pairs.slice(0, first).filter(isAcceptable).reverse()) {
    const read = readPair(pair, origin);
    size += read.reduce((sum, message) => sum + sizeOf(message), 0);
    if (size > budget) break;
    kept.unshift(read);
  }
  return { messages: kept.flat(), firstAskedAs: pairs[first]?.question.id ?? question.id };
}

/** Where the attempts at the question begin. An attempt whose answer is missing may have changed something too. */
function firstAttempt(pairs: readonly Pair[], at: number, text: string): number {
  let first = at;
  for (let before = pairs[first - 1]; before !== undefined; before = pairs[first - 1]) {
    const again = textOf(before.question.parts).trim() === text.trim();
    if (!again || before.answer?.metadata.status === "completed") break;
    first -= 1;
  }
  return first;
}

/** A question that the provider's filter refused would be refused again, and with it every later question. */
function isAcceptable({ answer }: Pair): boolean {
  return answer?.metadata.error !== FILTERED_QUESTION;
}

function readPair({ question, answer }: Pair, origin: string | undefined): AgentMessage[] {
  const read: AgentMessage[] = answer
    ? answerOf(answer, origin)
    : [{ role: "assistant", content: NO_ANSWER, calls: [] }];
  return [{ role: "user", content: textOf(question.parts) }, ...read];
}

function answerOf(message: HistoryMessage, origin: string | undefined): AgentMessage[] {
  const steps = stepsOf(message, origin).map(readStep);
  const last = steps.at(-1);
  const ended =
    message.metadata.status === "completed" ? "" : `(${message.metadata.error ?? "This answer was stopped."})`;
  const said = last?.length === 1 ? last.pop() : undefined;
  const text = said?.role === "assistant" ? said.content : "";
  const closing = [text, ended].filter((part) => part !== "").join("\n");
  const result = steps.flat();
  if (closing !== "" || result.length === 0)
    result.push({ role: "assistant", calls: [], ...said, content: closing || "(no answer)" } as AgentMessage);
  return result;
}

/** The calls of an answer that were made, with their results; what was said around them is left out. */
function callsThatRan(message: HistoryMessage, origin: string | undefined): AgentMessage[] {
  return stepsOf(message, origin).flatMap((step) => {
    const calls = step.calls.filter((part) => !isNotRun(part));
    return calls.length === 0 ? [] : readStep({ ...step, calls });
  });
}

/** One answer of the model within a run. */
interface Step {
  readonly text: string;
  readonly calls: readonly ToolPart[];
  readonly state: OpaqueFields | undefined;
  readonly callStates: Readonly<Record<string, OpaqueFields>>;
}

/**
 * The parts of an answer by steps. An answer from a time before steps were stored has a step for each call, and one for
 * the text after the last of them.
 */
function stepsOf({ parts, state }: HistoryMessage, origin: string | undefined): Step[] {
  const kept = state?.origin === origin ? state : undefined;
  const counts = state?.steps.map((step) => step.parts) ?? oneCallEach(parts);
  let from = 0;
  return counts.map((count, at) => {
    const own = parts.slice(from, from + count);
    from += count;
    const step = kept?.steps[at];
    return {
      text: own.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(""),
      calls: own.filter((part) => part.type === "dynamic-tool"),
      state: step?.message,
      callStates: step?.calls ?? {},
    };
  });
}

function oneCallEach(parts: readonly MessagePart[]): number[] {
  const counts: number[] = [];
  let open = 0;
  for (const part of parts) {
    open += 1;
    if (part.type !== "dynamic-tool") continue;
    counts.push(open);
    open = 0;
  }
  return open === 0 ? counts : [...counts, open];
}

function readStep({ text, calls, state, callStates }: Step): AgentMessage[] {
  const asked = calls.map((part): ToolCall => {
    const own = Object.hasOwn(callStates, part.toolCallId) ? callStates[part.toolCallId] : undefined;
    const args = JSON.stringify(part.input ?? {});
    return { id: part.toolCallId, name: part.toolName, arguments: args, ...(own === undefined ? {} : { state: own }) };
  });
  return [
    { role: "assistant", content: text, calls: asked, ...(state === undefined ? {} : { state }) },
    ...calls.map((part) => ({ role: "tool" as const, callId: part.toolCallId, content: contentOf(part) })),
  ];
}

type ToolPart = Extract<MessagePart, { type: "dynamic-tool" }>;

/** Whether a call certainly had no effect, so that it may be made. */
function isNotRun(part: ToolPart): boolean {
  return part.state === "output-error" && /^Not (run|done):/.test(part.errorText ?? "");
}

function contentOf(part: ToolPart): string {
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
