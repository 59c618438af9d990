import { isRecord } from "@taskassistant/contracts/records";
import {
  type CardIcon,
  type CardUndo,
  type ChangeCard,
  type LookupCard,
  readToolOutput,
  type ToolOutcome,
  toolNamed,
} from "@taskassistant/contracts/tools";
import type { DynamicToolUIPart } from "ai";
import { words } from "./words.ts";

type Call = Pick<DynamicToolUIPart, "state" | "input" | "output" | "errorText">;
type CardState = "running" | "done" | "failed";
type CardTask = ToolOutcome["tasks"][number];

/** One card: what happened in a sentence, the tasks it concerns, and what went wrong. */
export interface CardView {
  state: CardState;
  sentence: string;
  /** Null for a tool that is not in the catalogue. */
  icon: CardIcon | null;
  tasks: readonly CardTask[];
  /** The only task of a change, which the sentence already names. */
  only: CardTask | null;
  /** Number of tasks that the result did not carry. */
  more: number;
  /** Sentences about calls, or single tasks, that failed. */
  failures: readonly string[];
  /** The tasks are no longer in the list. */
  gone: boolean;
  showsDue: boolean;
  undo: CardUndo | null;
}

/**
 * Describes neighbouring calls of one tool as one card, by the card of the tool in the catalogue. `today` tells "due
 * today" from other dates. `ended` says that the answer is over, so that a call without a result is not shown as running.
 */
export function describeCalls(toolName: string, calls: readonly Call[], today: string, ended = false): CardView {
  const tool = toolNamed(toolName);
  const card = tool?.card;
  const outcomes = tool === undefined ? [] : calls.map((call) => readToolOutput(tool.output, call.output));
  const tasks = latestById(outcomes.flatMap((outcome) => outcome.tasks));
  const failures = [
    ...calls.flatMap((call) => (call.errorText === undefined ? [] : [call.errorText])),
    ...outcomes.flatMap((outcome) => outcome.failures),
  ];
  const state = stateOf(calls, tasks, failures);
  const sentence = card === undefined ? otherSentence(toolName, state) : sentenceOf(card, state, calls, tasks);
  const unfinished = state === "running" && ended;
  const change = card?.kind === "change" ? card : undefined;

  function sentenceOf(
    of: ChangeCard | LookupCard,
    now: CardState,
    made: readonly Call[],
    named: readonly CardTask[],
  ): string {
    if (of.kind === "change") return changeSentence(of, now, made, named);
    if (now !== "done") return of.words[now];
    const titles = named.map(({ title }) => title);
    return of.words.found({ titles, total: outcomes.at(-1)?.total ?? 0, input: inputOf(made.at(-1)), today });
  }

  return {
    state: unfinished ? "failed" : state,
    sentence: unfinished ? words.unfinished(sentence) : sentence,
    icon: card?.icon ?? null,
    tasks,
    only: (card?.kind !== "lookup" && tasks.length === 1 && tasks[0]) || null,
    more: card?.kind === "lookup" ? Math.max(0, (outcomes.at(-1)?.total ?? 0) - tasks.length) : 0,
    failures,
    gone: change?.gone ?? false,
    showsDue: change?.showsDue ?? false,
    undo: change?.undo ?? null,
  };
}

/** Whether calls of this tool only look something up. */
export function isLookupTool(toolName: string): boolean {
  return toolNamed(toolName)?.card.kind === "lookup";
}

function stateOf(calls: readonly Call[], tasks: readonly CardTask[], failures: readonly string[]): CardState {
  const running = calls.some((call) => call.state !== "output-available" && call.state !== "output-error");
  if (running) return "running";
  return failures.length > 0 && tasks.length === 0 ? "failed" : "done";
}

function changeSentence(
  { words: said }: ChangeCard,
  state: CardState,
  calls: readonly Call[],
  tasks: readonly CardTask[],
): string {
  if (state === "running") {
    const { title } = calls.length === 1 ? inputOf(calls[0]) : {};
    return typeof title === "string" ? words.about(said.running, title) : said.running;
  }
  const [first] = tasks;
  if (tasks.length === 1 && first) return said.one(first.title);
  return tasks.length === 0 ? said.none : said.many(words.tasks(tasks.length));
}

/** For a tool that the catalogue does not know, such as one of a newer release in an old chat. */
function otherSentence(toolName: string, state: CardState): string {
  return words.other[state](toolName.replaceAll("_", " "));
}

function inputOf(call: Call | undefined): Readonly<Record<string, unknown>> {
  return isRecord(call?.input) ? call.input : {};
}

/** The latest state of each task, in the order in which they came up. */
function latestById(tasks: readonly CardTask[]): readonly CardTask[] {
  return [...new Map(tasks.map((task) => [task.id, task])).values()];
}
