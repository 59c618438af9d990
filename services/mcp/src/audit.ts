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
