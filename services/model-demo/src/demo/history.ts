import { isRecord } from "@taskassistant/contracts";
import { localDateIn } from "@taskassistant/dates";
import { type ModelMessage, type ModelRequest, textOf } from "../wire/request.ts";

/** A tool call of the conversation with its result. */
export interface ToolRound {
  name: string;
  arguments: Record<string, unknown>;
  result: string;
}

/** One message of the user and the tool calls that followed. */
export interface Run {
  user: string;
  tools: ToolRound[];
}

/** The conversation as runs, oldest first; the last one is the one to answer. */
export function runsOf(request: ModelRequest): Run[] {
  const runs: Run[] = [];
  const results = new Map<string, string>();
  for (const message of request.messages) {
    if (message.role === "tool" && message.tool_call_id !== undefined)
      results.set(message.tool_call_id, textOf(message));
  }
  for (const message of request.messages) {
    if (message.role === "user") runs.push({ user: textOf(message), tools: [] });
    else if (message.role === "assistant") runs.at(-1)?.tools.push(...roundsOf(message, results));
  }
  return runs;
}

function roundsOf(message: ModelMessage, results: ReadonlyMap<string, string>): ToolRound[] {
  return (message.tool_calls ?? []).flatMap((call) => {
    const result = results.get(call.id);
    return result === undefined
      ? []
      : [{ name: call.function.name, arguments: parsed(call.function.arguments), result }];
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** The user's time zone, from the line of the prompt that names the day. */
export function zoneOf(request: ModelRequest): string | undefined {
  for (const message of request.messages) {
    if (message.role !== "system" && message.role !== "developer") continue;
    const zone = /\bToday is \d{4}-\d{2}-\d{2} \(\w+\) in ([\w+/-]+)/.exec(textOf(message))?.[1];
    if (zone !== undefined) return zone;
  }
  return undefined;
}

/** The user's date, from the line `Today is YYYY-MM-DD (Weekday) in <zone>.` of the system prompt; else the date in UTC. */
export function todayOf(request: ModelRequest): string {
  for (const message of request.messages) {
    if (message.role !== "system" && message.role !== "developer") continue;
    const date = /\bToday is (\d{4}-\d{2}-\d{2})\b/.exec(textOf(message))?.[1];
    if (date !== undefined) return date;
  }
  return localDateIn(new Date(), "UTC");
}
