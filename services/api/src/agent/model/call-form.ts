import { randomUUID } from "node:crypto";

/*
 * The one form in which everything behind a driver sees a call. Providers deliver calls in many forms and refuse some of
 * their own when they get them back; what this file returns is accepted by all of them.
 */

/** The tool's name if providers accept it in a history; otherwise a stand-in that is no tool's name. */
export function usableName(name: string): string {
  return /^[\w-]{1,64}$/.test(name) ? name : "invalid_tool_name";
}

/** The provider's own id of a call where it is usable, since providers expect it back; otherwise a new one. */
export function usableId(id: string, used: ReadonlySet<string>): string {
  return /^[\w.:-]{1,100}$/.test(id) && !used.has(id) ? id : newCallId();
}

/** An id for a call that came without one. */
export function newCallId(): string {
  return `call_${randomUUID()}`;
}

/** The arguments as they go into the history: JSON. The tool answers an error to a call whose arguments were not. */
export function usableArguments(text: string): string {
  return isJson(text) ? text : "{}";
}

/** Whether a text is one complete JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
