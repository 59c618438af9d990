import { expect, test } from "vitest";
import { databaseTrouble } from "./trouble.ts";
import { UserBusyError } from "./user-slots.ts";

const pgError = (code: string, constraint?: string) =>
  Object.assign(new Error("said by PostgreSQL"), { code, constraint });

test.each<[string, unknown, ReturnType<typeof databaseTrouble>]>([
  ["a cancelled statement", pgError("57014"), "too_slow"],
  ["a deadlock", pgError("40P01"), "too_slow"],
  ["a lock that was not granted in time", pgError("55P03"), "too_slow"],
  ["a number out of range", pgError("22003"), "unstorable"],
  ["a NUL in a text", pgError("22021"), "unstorable"],
  ["a day that PostgreSQL does not know", pgError("22008"), "unstorable"],
  ["a server that stops", pgError("57P01"), "unreachable"],
  ["a full disk", pgError("53100"), "unreachable"],
  ["a lost connection", new Error("Connection terminated unexpectedly"), "unreachable"],
  ["no free connection", new Error("timeout exceeded when trying to connect"), "unreachable"],
  ["an answer that did not arrive", new Error("Query read timeout"), "unreachable"],
  ["a refused connection", pgError("ECONNREFUSED"), "unreachable"],
  ["too much work of one user", new UserBusyError(), "busy"],
  ["a row without its user", pgError("23503", "task_user_id_fkey"), "account_gone"],
  ["another missing row", pgError("23503", "message_user_id_conversation_id_fkey"), undefined],
  ["a violated check", pgError("23514"), undefined],
  ["a mistake in a statement", pgError("42601"), undefined],
  ["something that is no error", "57014", undefined],
])("%s is sorted by what it means to the caller", (_name, error, trouble) => {
  expect(databaseTrouble(error)).toBe(trouble);
});
