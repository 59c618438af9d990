import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Database } from "@taskassistant/db";
import type { Logger } from "@taskassistant/kit";
import { tasksFor } from "@taskassistant/tasks";
import type { Caller } from "../caller.ts";
import { explain } from "./explain.ts";
import { USER_ID } from "./registry.ts";
import type { AnyTool } from "./tool.ts";

export type CallDeps = { db: Pick<Database, "asUser" | "appendAudit">; log: Logger };

/** One call as it came in. */
export type Call = { tool: AnyTool; arguments: Record<string, unknown>; caller: Caller };

/**
 * Runs one tool call: the scope and the user first (wall 5: `user_id` equals the token's `sub`, else nothing is executed), then strict
 * arguments, then the work as that user. Every call leaves an audit row. Failures are results with `isError`, worded so
 * that a model can do better.
 */
export async function callTool(deps: CallDeps, call: Call): Promise<CallToolResult> {
  const { tool, caller } = call;
  const { [USER_ID]: userId, ...input } = call.arguments;
  const refusal = refusalOf(userId, call);
  if (refusal !== undefined) {
    deps.log.warn({ request_id: caller.requestId, tool: tool.name, reason: refusal.reason }, "tool call refused");
    await audit(deps, call, { outcome: "refused", reason: refusal.reason });
    return errorResult(refusal.message);
  }
  try {
    const { structured, text } = await tool.runUnchecked(tasksFor(deps.db, caller.userId), input);
    await audit(deps, call, { outcome: "allowed" });
    return { content: [{ type: "text", text }], structuredContent: structured };
  } catch (error) {
    const { reason, message, expected } = explain(error, tool);
    if (!expected) deps.log.error({ err: error, request_id: caller.requestId, tool: tool.name }, "tool call failed");
    await audit(deps, call, { outcome: "failed", reason });
    return errorResult(message);
  }
}

/** Why the call may not be made with this token for this user. Whoever acts for a user has to say for whom, in every single call. */
function refusalOf(userId: unknown, { tool, caller }: Call): { reason: string; message: string } | undefined {
  // The HTTP layer answers 403 to this before; here it holds for whatever form a call came in.
  if (!caller.scopes.has(tool.scope)) {
    return { reason: "insufficient_scope", message: `The token lacks the scope ${tool.scope}; nothing was done.` };
  }
  if (userId === undefined) {
    if (caller.actor === undefined) return undefined;
    return {
      reason: "user_id_missing",
      message: `${USER_ID} is missing. The client that acts for the user has to add it; nothing was done.`,
    };
  }
  if (userId === caller.userId) return undefined;
  return {
    reason: "user_id_mismatch",
    message: `${USER_ID} is not the signed-in user. Tasks of others can't be reached; nothing was done.`,
  };
}

/** Adds the audit row. */
export async function audit(
  deps: Pick<CallDeps, "db">,
  call: { tool: { name: string }; arguments: unknown; caller: Caller },
  entry: { outcome: "allowed" | "refused" | "failed"; reason?: string },
): Promise<void> {
  const { caller, tool } = call;
  await deps.db.appendAudit({
    ...entry,
    userId: caller.userId,
    actor: caller.actor ?? "user",
    clientId: caller.clientId,
    action: tool.name,
    arguments: call.arguments,
    jti: caller.jti,
    requestId: caller.requestId,
  });
}

export function errorResult(message: string): CallToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}
