import { isRecord } from "@taskassistant/contracts";
import type { OpaqueFields } from "./driver.ts";

/** Maximum size of the state of one answer, as JSON. An answer with more is kept without it. */
const STATE_MAX = 256_000;

/** Fields of a message that hold its reasoning, in words or as a signature, whatever a server calls them. */
const REASONING_FIELD = /reason|think|thought|signature|^extra_content$|^provider_specific_fields$/i;
/** Fields whose pieces are parts of one text. Any other text is complete in one piece. */
const GROWING_TEXT = /reasoning|thinking|content|text|summary|data/i;
/** Fields of a call that this API defines; all others are the provider's own. */
const KNOWN_ON_CALL = new Set(["index", "id", "type", "function", "name", "arguments", "parameters", "input"]);

/** What a message or a piece of it carries as the provider's own state. */
export function stateOnMessage(message: Record<string, unknown>): OpaqueFields {
  return pick(message, (name) => REASONING_FIELD.test(name));
}

/** The same for a call or a piece of it. */
export function stateOnCall(call: Record<string, unknown>): OpaqueFields {
  return pick(call, (name) => !KNOWN_ON_CALL.has(name));
}

function pick(fields: Record<string, unknown>, wanted: (name: string) => boolean): OpaqueFields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) => value !== null && value !== undefined && value !== "" && wanted(name),
    ),
  );
}

/** Joins the state of two pieces: texts grow, lists get longer, and objects are joined field by field. */
export function mergeState(one: OpaqueFields, other: OpaqueFields): OpaqueFields {
  const merged: Record<string, unknown> = { ...one };
  for (const [name, value] of Object.entries(other)) merged[name] = joined(name, merged[name], value);
  return merged;
}

function joined(name: string, one: unknown, other: unknown): unknown {
  if (one === undefined || one === null) return other;
  if (other === null || other === undefined) return one;
  if (typeof one === "string" && typeof other === "string") return GROWING_TEXT.test(name) ? one + other : other;
  if (Array.isArray(one) && Array.isArray(other)) return other.reduce<unknown[]>(withEntry, one);
  return isRecord(one) && isRecord(other) ? mergeState(one, other) : other;
}

/** Entries that a stream cuts into pieces name their place in the list. */
function withEntry(list: unknown[], entry: unknown): unknown[] {
  const last = list.at(-1);
  const continues =
    isRecord(last) &&
    isRecord(entry) &&
    entry.index !== undefined &&
    last.index === entry.index &&
    last.type === entry.type;
  return continues ? [...list.slice(0, -1), mergeState(last, entry)] : [...list, entry];
}

/** The state, unless it is empty or too large to be kept. */
export function keptState(state: OpaqueFields): OpaqueFields | undefined {
  if (Object.keys(state).length === 0) return undefined;
  return JSON.stringify(state).length <= STATE_MAX ? state : undefined;
}

/** The words of the reasoning in a message or a piece of it. Servers repeat them in several fields; one is read. */
export function reasoningIn(message: Record<string, unknown>): string {
  for (const name of ["reasoning_content", "reasoning", "thinking", "thought", "reasoning_text"]) {
    const value = message[name];
    if (typeof value === "string" && value !== "") return value;
  }
  const details = [message.reasoning_details, message.thinking_blocks].find(Array.isArray) ?? [];
  return details.map((entry) => (isRecord(entry) ? firstText(entry.text, entry.summary, entry.thinking) : "")).join("");
}

function firstText(...values: unknown[]): string {
  return values.find((value): value is string => typeof value === "string") ?? "";
}
