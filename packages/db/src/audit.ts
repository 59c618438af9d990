import { createHash } from "node:crypto";
import type pg from "pg";

/** One line of the audit. */
export interface AuditEntry {
  /** Whose data it was about; stored as a pseudonym. Absent when no user could be told. */
  userId?: string | undefined;
  /** Who acted: `user`, or the client that acted for the user (`api`). */
  actor: string;
  clientId?: string | undefined;
  /** What was asked for, usually a tool's name. */
  action: string;
  outcome: "allowed" | "refused" | "failed";
  /** Why it was refused or failed, as a stable word. */
  reason?: string | undefined;
  /** The arguments; only a keyed digest of them is stored. */
  arguments?: unknown;
  /** `jti` of the token that was shown. */
  jti?: string | undefined;
  requestId?: string | undefined;
}

const INSERT = `with key as (select audit_key::text as key from app.instance)
insert into app.audit (subject, arguments_digest, actor, client_id, action, outcome, reason, jti, request_id)
select encode(sha256(convert_to(key || ':subject:' || $1, 'UTF8')), 'hex'),
  encode(sha256(convert_to(key || ':arguments:' || $2, 'UTF8')), 'hex'),
  $3, $4, $5, $6, $7, $8, $9 from key`;

/** Adds the entry, in a statement of its own: it stays when the transaction it is about rolls back. */
export async function insertAudit(pool: pg.Pool, entry: AuditEntry): Promise<void> {
  const digest = entry.arguments === undefined ? null : digestOf(entry.arguments);
  const { userId, actor, clientId, action, outcome, reason, jti, requestId } = entry;
  const values = [userId, digest, actor, clientId, action, outcome, reason, jti, requestId].map(storable);
  const { rowCount } = await pool.query(INSERT, values);
  if (rowCount !== 1) throw new Error("the audit entry was not stored: app.instance has no row; run the migrations");
}

/** PostgreSQL text has no NUL, and a hostile caller must not be able to keep its entry out of the audit. */
function storable(value: string | null | undefined): string | null {
  return value?.replaceAll("\0", "\u{fffd}").slice(0, 1000) ?? null;
}

/** Stands for arguments that can't be written down, such as ones nested too deeply: their entry must not get lost. */
const NOT_DIGESTIBLE = "not digestible";

/** Same for equal arguments, whatever the order of their fields. */
function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalOf(value)).digest("hex");
}

function canonicalOf(value: unknown): string {
  try {
    return canonical(value);
  } catch {
    return NOT_DIGESTIBLE;
  }
}

function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  // Undefined for what has no JSON.
  return (text as string | undefined) ?? "";
}
