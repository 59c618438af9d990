import { randomUUID } from "node:crypto";
import { isRecord } from "@taskassistant/contracts";
import { objectsIn, parseJson } from "./calls/json-text.ts";

/*
 * The one form in which everything behind a driver sees a call. Providers deliver calls in many forms and refuse some of
 * their own when they get them back; what this file returns is accepted by all of them.
 */

/** Longest id that is kept, in characters. Some providers hide state in their ids. */
const ID_MAX = 12_000;

/** The tool's name if providers accept it in a history; otherwise a stand-in that is no tool's name. */
export function usableName(name: string): string {
  return /^[\w-]{1,64}$/.test(name) ? name : "invalid_tool_name";
}

/** The provider's own id of a call, character for character, since providers expect it back; a new one if it is taken. */
export function usableId(id: string, used: ReadonlySet<string>): string {
  return id !== "" && id.length <= ID_MAX && !used.has(id) ? id : newCallId();
}

/** An id for a call that came without one. */
export function newCallId(): string {
  return `call_${randomUUID()}`;
}

/** The arguments as they go into the history: the text of an object. The tool answers an error to a call without one. */
export function usableArguments(text: string): string {
  if (isRecord(parseJson(text))) return text;
  const objects = objectsIn(text);
  return objects?.length === 1 ? JSON.stringify(objects[0]) : "{}";
}
