import { isRecord } from "@taskassistant/contracts";
import { objectsIn } from "../calls/json-text.ts";
import { pythonCallsIn } from "./python-calls.ts";

/** A call as a model wrote it into its text. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
  /** The text it was read from. */
  readonly written?: string;
}

/** The calls in a text of nothing else, in JSON or in Python's spelling. */
export function callsIn(text: string): WrittenCall[] {
  const inJson = callsInJson(text);
  return inJson.length > 0 ? inJson : pythonCallsIn(text);
}

export function callsInJson(text: string): WrittenCall[] {
  const objects = (objectsIn(text.trim()) ?? []).flatMap(({ tool_calls, ...object }) =>
    Array.isArray(tool_calls) ? tool_calls.filter(isRecord) : [object],
  );
  const calls = objects.map(callIn);
  return calls.every((call) => call !== undefined) ? calls : [];
}

function callIn(object: Record<string, unknown>): WrittenCall | undefined {
  const inner = isRecord(object.function) ? object.function : object;
  const name = [inner.name, inner.tool, inner.tool_name, inner.function].find((value) => typeof value === "string");
  const args = inner.arguments ?? inner.parameters ?? inner.args ?? inner.input;
  if (typeof name !== "string" || args === undefined) return undefined;
  return { name, arguments: typeof args === "string" ? args : JSON.stringify(args) };
}

/** The parameters written one by one, or the text as it stands where there are none. */
export function parametersOr(inner: string, pattern: RegExp): string {
  const found = [...inner.matchAll(pattern)].map(([, name = "", value = ""]) => [name.trim(), value]);
  return found.length > 0 ? JSON.stringify(Object.fromEntries(found)) : inner;
}
