import { TOOLS, type ToolId, type ToolInput } from "@taskassistant/contracts";
import { type ModelRequest, toolNames } from "../wire/request.ts";
import type { Step } from "../wire/steps.ts";
import type { NewItem } from "./adds.ts";
import { answerOf, askWhich, HELLO, HELP, noSuchDay, THANKS, TOO_LONG, UNKNOWN } from "./answers.ts";
import { type Run, runsOf, todayOf, zoneOf } from "./history.ts";
import { type Intent, parseIntent } from "./intent.ts";
import { lastSeen, resolveTarget } from "./targets.ts";

interface Call {
  name: string;
  arguments: Record<string, unknown>;
}

/** What is left to do in a run: tools to call now, or the final answer. */
type Plan = { call: Call[] } | { say: string };

/**
 * The demo model: reads the last message with a small grammar, calls the tools it needs, as far as the request
 * offers them, and reports the result in a sentence. The same conversation always gets the same answer.
 */
export function respondAsDemo(request: ModelRequest): Step[] {
  const runs = runsOf(request);
  const current = runs.at(-1);
  if (current === undefined) return [{ type: "text", text: HELLO }];
  const today = todayOf(request);
  const plan = planOf(parseIntent(current.user, today), runs, current, today, zoneOf(request));
  if ("say" in plan) return [{ type: "text", text: plan.say }];

  const offered = toolNames(request);
  const missing = plan.call.find((call) => !offered.has(call.name));
  if (missing !== undefined) {
    return [{ type: "text", text: `I can't do that here: the tool ${missing.name} is not offered to me.` }];
  }
  const now = request.parallel_tool_calls === false ? plan.call.slice(0, 1) : plan.call;
  return now.map((call) => ({ type: "tool_call", ...call }));
}

function planOf(intent: Intent, runs: readonly Run[], current: Run, today: string, zone?: string): Plan {
  switch (intent.kind) {
    case "hello":
      return { say: HELLO };
    case "thanks":
      return { say: THANKS };
    case "help":
      return { say: HELP };
    case "unknown":
      return { say: UNKNOWN };
    case "too-long":
      return { say: TOO_LONG };
    case "no-such-day":
      return { say: noSuchDay(intent) };
    case "add": {
      const calls = intent.items.map((item) => callOf("addTask", { ...item, ...zoneFor(item, zone) }));
      return carryOut(intent, calls, current, today);
    }
    case "list":
      return carryOut(intent, [callOf("listTasks", intent.filter)], current, today);
    default:
      return planChange(intent, runs, current, today);
  }
}

/** A time and a repetition are meant in the user's zone. */
function zoneFor({ due_time, repeat }: NewItem, zone: string | undefined): { due_zone?: string } {
  return zone !== undefined && (due_time !== undefined || repeat !== undefined) ? { due_zone: zone } : {};
}

type Change = Extract<Intent, { target: unknown }>;

function planChange(intent: Change, runs: readonly Run[], current: Run, today: string): Plan {
  const changed = current.tools.filter((tool) => tool.name !== TOOLS.listTasks.name);
  const status = intent.kind === "reopen" ? "done" : intent.kind === "delete" ? "all" : "open";
  const resolved = resolveTarget(intent.target, runs, today, status);
  if (resolved.kind === "lookup") return { call: [callOf("listTasks", resolved.filter)] };
  if (resolved.kind === "none") return { say: resolved.say };
  if (resolved.kind === "several") return { say: askWhich(resolved.words, resolved.tasks, today) };
  return carryOut(intent, changesOf(intent, resolved.ids, runs), { ...current, tools: changed }, today);
}

function changesOf(intent: Change, ids: readonly string[], runs: readonly Run[]): Call[] {
  if (intent.kind === "complete") return [callOf("completeTask", { task_ids: [...ids] })];
  if (intent.kind === "delete") return [callOf("deleteTask", { task_ids: [...ids] })];
  return ids.map((task_id) => callOf("updateTask", { task_id, ...changeOf(intent, task_id, runs) }));
}

function changeOf(intent: Change, id: string, runs: readonly Run[]): Omit<ToolInput<"updateTask">, "task_id"> {
  if (intent.kind === "rename") return { title: intent.title };
  if (intent.kind === "file")
    return intent.project === null ? { clear_fields: ["project"] } : { project: intent.project };
  if (intent.kind === "tag") {
    const had = lastSeen(id, runs)?.tags ?? [];
    const named = new Set(intent.tags.map((tag) => tag.toLowerCase()));
    const others = had.filter((tag) => !named.has(tag.toLowerCase()));
    return { tags: intent.off ? others : [...others, ...intent.tags] };
  }
  if (intent.kind !== "move") return { done: false };
  return intent.due === null ? { clear_fields: ["due"] } : { due: intent.due };
}

/** A call of a tool of the catalogue; the types refuse arguments that the tool does not take. */
function callOf<Id extends ToolId>(id: Id, input: ToolInput<Id>): Call {
  return { name: TOOLS[id].name, arguments: { ...input } };
}

/** The calls that are not made yet, or the answer once all are. */
function carryOut(intent: Intent, calls: readonly Call[], current: Run, today: string): Plan {
  const open = calls.slice(current.tools.length);
  return open.length > 0 ? { call: open } : { say: answerOf(intent, current.tools, today) };
}
