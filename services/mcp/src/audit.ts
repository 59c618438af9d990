import { isRecord } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import type { Caller } from "./caller.ts";

/** A tool call as the audit records it. The tool may not exist and the arguments may have any form. */
export type AuditedCall = { tool: { name: string }; arguments: unknown; caller: Caller };

/** Stores the audit row of a call. */
export async function audit(
  deps: { db: Pick<Database, "appendAudit"> },
  call: AuditedCall,
  entry: { outcome: "allowed" | "refused" | "failed"; reason?: string },
): Promise<void> {
  const { caller, tool } = call;
  caller.audited += 1;
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

/**
 * Stores a row for a tool call that was refused before it reached a tool, because of its form for example. Every call leaves
 * a row, whoever refuses it. Other messages leave none.
 */
export async function auditIfUnseen(
  deps: { db: Pick<Database, "appendAudit"> },
  body: unknown,
  caller: Caller,
): Promise<void> {
  if (caller.audited > 0 || !isRecord(body) || body.method !== "tools/call") return;
  const params = isRecord(body.params) ? body.params : {};
  const name = typeof params.name === "string" ? params.name.slice(0, 100) : "tools/call";
  const call = { tool: { name }, arguments: params.arguments, caller };
  await audit(deps, call, { outcome: "refused", reason: "malformed_call" });
}
