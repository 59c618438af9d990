import { createHash } from "node:crypto";
import type pg from "pg";
import type { Log } from "./pool.ts";

/** One line of the audit. */
export interface AuditEntry {
  /** The user whose data the call was about; stored as a pseudonym. Absent when the user is unknown. */
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

/** Maximum time to store one entry. */
const WAIT_MS = 2_000;

/**
 * Stores the entry in a statement of its own, so it stays when the transaction around it rolls back. It never throws and
 * returns soon. A call is decided, and usually done, before it is audited, so an entry that can't be stored refuses and undoes
 * nothing. It is logged as an error instead, without its arguments.
 */
export async function appendAudit(pool: pg.Pool, entry: AuditEntry, log: Log): Promise<void> {
  const { arguments: _, ...shown } = entry;
  await store(insert(pool, entry), shown, log);
}

/** One line of the audit of administration. */
export interface AdministrationEntry {
  /** The id of the person who acted; stored as a pseudonym. Absent for the command, which runs as nobody. */
  by?: string | undefined;
  /** The id of the person whom it is about; stored as a pseudonym. */
  on?: string | undefined;
  /** The id of the link that was made, used or revoked. */
  link?: string | undefined;
  action: string;
  outcome: AuditEntry["outcome"];
  /** Why it was refused or failed, as a stable word. */
  reason?: string | undefined;
  requestId?: string | undefined;
}

const INSERT_ADMINISTRATION = `insert into auth.audit (actor, subject, link, action, outcome, reason, request_id)
values ($1, $2, $3, $4, $5, $6, $7)`;

/** Stores the entry of something that has been done or refused, as `appendAudit` does. */
export async function appendAdministrationAudit(pool: pg.Pool, entry: AdministrationEntry, log: Log): Promise<void> {
  const { by, on, link, action, outcome, reason, requestId } = entry;
  const values = [by, on, link, action, outcome, reason, requestId].map(storable);
  await store(pool.query(INSERT_ADMINISTRATION, values), entry, log);
}

async function store(inserted: Promise<unknown>, audit: object, log: Log): Promise<void> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error(`not stored within ${WAIT_MS} ms`)), WAIT_MS);
  try {
    await Promise.race([inserted, timeout.promise]);
  } catch (error) {
    log.error({ err: error, audit }, "audit entry not stored");
  } finally {
    clearTimeout(timer);
  }
}

async function insert(pool: pg.Pool, entry: AuditEntry): Promise<void> {
  const digest = entry.arguments === undefined ? null : digestOf(entry.arguments);
  const { userId, actor, clientId, action, outcome, reason, jti, requestId } = entry;
  const values = [userId, digest, actor, clientId, action, outcome, reason, jti, requestId].map(storable);
  const { rowCount } = await pool.query(INSERT, values);
  if (rowCount !== 1) throw new Error("app.instance has no row; run the migrations");
}

/** PostgreSQL text cannot hold NUL. It is replaced, so that a hostile caller can't keep its entry out of the audit. */
function storable(value: string | null | undefined): string | null {
  return value?.replaceAll("\0", "\u{fffd}").slice(0, 1000) ?? null;
}

/** Digested instead of arguments that can't be serialised, such as ones nested too deeply, so that their entry is stored. */
const NOT_DIGESTIBLE = "not digestible";

/** Equal for equal arguments, whatever the order of their fields. */
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
  // `JSON.stringify` returns undefined for a value that has no JSON.
  return (text as string | undefined) ?? "";
}
