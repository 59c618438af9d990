import type { CallToolResult } from "@modelcontextprotocol/server";
import { REPLAYED } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { jsonSize } from "@taskassistant/kit/guard";
import type { Logger } from "@taskassistant/kit/process";
import { tasksFor } from "@taskassistant/tasks";
import { audit } from "../audit.ts";
import type { Caller } from "../caller.ts";
import { explain } from "./explain.ts";
import { type Refusal, refusalOfUser, USER_ID } from "./injected-user.ts";
import type { Tool } from "./tool.ts";

export interface CallDeps {
  db: Pick<Database, "asUser" | "appendAudit">;
  log: Logger;
}

/** One call as it came in. */
export interface Call {
  tool: Tool;
  arguments: Record<string, unknown>;
  caller: Caller;
  /** A change with this key is made once; a repetition gets the result of the first time. */
  idempotencyKey?: string | undefined;
}

/**
 * Runs one tool call: the scope and the user first (wall 5: `user_id` equals the token's `sub`, else nothing is
 * executed), then strict arguments, then the work as that user. Every call leaves an audit row. Failures are results with
 * `isError`, worded so that a model can correct its call.
 */
export async function callTool(deps: CallDeps, call: Call): Promise<CallToolResult> {
  const { tool, caller } = call;
  const { [USER_ID]: userId, ...input } = call.arguments;
  const refusal = refusalOfScope(call) ?? refusalOfUser(userId, caller);
  if (refusal !== undefined) {
    deps.log.warn({ request_id: caller.requestId, tool: tool.name, reason: refusal.reason }, "tool call refused");
    await audit(deps, call, { outcome: "refused", reason: refusal.reason });
    return errorResult(refusal.message);
  }
  try {
    let replayed = false;
    const once = call.idempotencyKey && { key: call.idempotencyKey, onReplay: () => (replayed = true) };
    const result = await tool.parseAndRun(tasksFor(deps.db, caller.userId, once ? { once } : {}), input);
    await audit(deps, call, { outcome: "allowed" });
    const { bytes, quotedBytes } = jsonSize(result);
    // Without room the HTTP layer answers instead.
    if (!caller.room.take(bytes + quotedBytes)) return errorResult("There is no room for the result.");
    return {
      // The text carries everything too, because many clients pass only texts on to their model.
      content: [{ type: "text", text: JSON.stringify(result) }],
      structuredContent: result,
      ...(replayed ? { _meta: { [REPLAYED]: true } } : {}),
    };
  } catch (error) {
    const { reason, message, expected } = explain(error, tool);
    if (!expected) deps.log.error({ err: error, request_id: caller.requestId, tool: tool.name }, "tool call failed");
    await audit(deps, call, { outcome: "failed", reason });
    return errorResult(message);
  }
}

/** The HTTP layer has answered 403 before. This check covers a call that reaches the tool in any other way. */
function refusalOfScope({ tool, caller }: Call): Refusal | undefined {
  if (caller.scopes.has(tool.scope)) return undefined;
  return { reason: "insufficient_scope", message: `The token lacks the scope ${tool.scope}; nothing was done.` };
}

function errorResult(message: string): CallToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}
