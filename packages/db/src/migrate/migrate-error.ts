/** Why a migration was refused or failed, for machines. */
export type MigrateReason =
  | "DatabaseUnreachable"
  | "AuthenticationFailed"
  | "PermissionDenied"
  | "ForeignData"
  | "SchemaTooNew"
  | "MigrationFailed";

/** A refused or failed migration. The message is a sentence for a person and says what to do. */
export class MigrateError extends Error {
  override name = "MigrateError";
  readonly reason: MigrateReason;

  constructor(reason: MigrateReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Turns what pg or the network threw into a MigrateError. `target` names server and database, without credentials. */
export function toMigrateError(error: unknown, target: string): MigrateError {
  if (error instanceof MigrateError) return error;
  const cause = asError(error);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const text = cause.message || code;
  if (code === "28P01" || code === "28000") {
    return new MigrateError(
      "AuthenticationFailed",
      `PostgreSQL at ${target} refused the sign-in: ${text}. Check user and password of the database admin.`,
      { cause },
    );
  }
  if (/password must be a (non-empty )?string/.test(text)) {
    return new MigrateError(
      "AuthenticationFailed",
      `PostgreSQL at ${target} asks for a password, and the database URL has none. Write it as user:password@host.`,
      { cause },
    );
  }
  if (code === "3D000") {
    return new MigrateError("DatabaseUnreachable", `${text} at ${target}. Create it, or correct its name.`, { cause });
  }
  if (code === "42501") {
    return new MigrateError(
      "PermissionDenied",
      `PostgreSQL at ${target} refused a step: ${text}. The database admin needs CREATEROLE and CREATE on the database (as its owner has), or must be a superuser.`,
      { cause },
    );
  }
  if (isConnectionError(code, text)) {
    return new MigrateError(
      "DatabaseUnreachable",
      `PostgreSQL at ${target} can't be reached: ${text}. Check host, port, network rules and the SSL mode.`,
      { cause },
    );
  }
  return new MigrateError("MigrationFailed", `the migration of ${target} failed: ${text}`, { cause });
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown, starting); Node.js' network and TLS codes. */
function isConnectionError(code: string, text: string): boolean {
  if (/^(08...|53...|57P..)$/.test(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && /[0-9]/.test(code)) return false;
  return /^(E[A-Z_]+|.*CERT.*|.*SIGNATURE.*|.*SELF_SIGNED.*)$/.test(code) || /timeout|terminated|SSL/i.test(text);
}
