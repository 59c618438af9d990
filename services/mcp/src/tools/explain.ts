import { type DatabaseTrouble, databaseTrouble, QuotaExceededError } from "@taskassistant/db";
import { InvalidCursorError, InvalidTaskError, TaskNotFoundError, VersionConflictError } from "@taskassistant/tasks";
import { z } from "zod";
import { NothingChangedError } from "./nothing-changed.ts";
import type { Tool } from "./tool.ts";

/** A failure as an audit reason and as a sentence for the model; `expected` ones are not our fault. */
export interface Explanation {
  reason: string;
  message: string;
  expected: boolean;
}

/** Maximum number of wrong fields that are named. */
const ISSUES_MAX = 5;

/** What of the database's troubles has an answer for the model. All of them changed nothing. */
const TROUBLES: { readonly [Trouble in DatabaseTrouble]?: Explanation } = {
  account_gone: expected("account_gone", "This account does not exist any more."),
  busy: expected("too_many_calls", "Too many calls of this user are running. Wait for them and try again."),
  too_slow: {
    reason: "too_slow",
    message: "This took too long and was stopped; nothing was changed. Ask for less, or try again in a moment.",
    expected: false,
  },
  unstorable: expected(
    "invalid_arguments",
    "An argument holds something that can't be stored. Write it in another way.",
  ),
};

/** Words every error that a tool can have. */
export function explain(error: unknown, tool: Tool): Explanation {
  if (error instanceof z.ZodError)
    return expected(
      "invalid_arguments",
      error.issues
        .slice(0, ISSUES_MAX)
        .map((issue) => said(issue, tool))
        .join("; "),
    );
  if (error instanceof TaskNotFoundError || error instanceof NothingChangedError)
    return expected("not_found", error.message);
  if (error instanceof VersionConflictError) return expected("version_conflict", error.message);
  if (error instanceof InvalidCursorError || error instanceof InvalidTaskError)
    return expected("invalid_arguments", error.message);
  if (error instanceof QuotaExceededError) return expected("quota_exceeded", error.message);
  const trouble = databaseTrouble(error);
  const known = trouble === undefined ? undefined : TROUBLES[trouble];
  if (known !== undefined) return known;
  // The commit may have succeeded although the connection broke before its answer: a blind retry could repeat the change.
  const advice = tool.hints.readOnlyHint
    ? "Try again in a moment."
    : "It may or may not have taken effect: look before you try again.";
  return { reason: "unexpected", message: `The tasks can't be reached at the moment. ${advice}`, expected: false };
}

function expected(reason: string, message: string): Explanation {
  return { reason, message, expected: true };
}

function said(issue: z.core.$ZodIssue, tool: Tool): string {
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => `'${key.slice(0, 50)}'`).join(", ");
    return `${tool.name} has no argument ${names}; it takes ${Object.keys(tool.inputSchema.shape).join(", ")}`;
  }
  const path = issue.path.join(".");
  return issue.message.startsWith(path) ? issue.message : `${path}: ${issue.message}`;
}
