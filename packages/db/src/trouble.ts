import { UserBusyError } from "./user-slots.ts";

/**
 * What an error of the database means to the caller:
 * - `unreachable`: no connection, or the server is short of resources or stopping
 * - `too_slow`: the statement took longer than it may, or lost against another transaction; nothing was changed
 * - `busy`: too much work of this user at a time
 * - `unstorable`: a value that PostgreSQL can't hold or read, such as a NUL or a number out of range
 * - `account_gone`: the user's account was deleted
 */
export type DatabaseTrouble = "unreachable" | "too_slow" | "busy" | "unstorable" | "account_gone";

/** PostgreSQL's error codes (appendix A of its manual), the first that matches counts. */
const BY_CODE: readonly (readonly [RegExp, DatabaseTrouble])[] = [
  // Cancelled by a time-out, not granted a lock in time, a deadlock, a failed serialisation.
  [/^(57014|55P03|40P01|40001)$/, "too_slow"],
  // Connection, resources, shutdown, and a transaction that the server ended because it idled.
  [/^(08|53|57P|25P0[34])/, "unreachable"],
  // Data exceptions: out of range, no such date, no such character.
  [/^22/, "unstorable"],
];

const NETWORK = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH"];
const LOST = /connection timeout|timeout exceeded when trying to connect|Connection terminated/i;
/** What pg says when an answer does not arrive in time. Whether the statement took effect is unknown. */
const UNANSWERED = /^Query read timeout$/;

/** Sorts what the database threw; undefined for an error that is not the database's, or nobody's fault but ours. */
export function databaseTrouble(error: unknown): DatabaseTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UserBusyError) return "busy";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "23503" && "constraint" in error && String(error.constraint).endsWith("user_id_fkey"))
    return "account_gone";
  if (NETWORK.includes(code) || LOST.test(error.message) || UNANSWERED.test(error.message)) return "unreachable";
  return BY_CODE.find(([pattern]) => pattern.test(code))?.[1];
}
