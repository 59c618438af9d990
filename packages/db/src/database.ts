import { Kysely, sql, type Transaction } from "kysely";
import type pg from "pg";
import { type AuditEntry, appendAudit } from "./audit.ts";
import { PipelinedDialect } from "./pipelined-dialect.ts";
import { createPool, type PoolConfig } from "./pool.ts";
import { assertSchema, type SchemaRow } from "./schema-version.ts";
import type { AppTables } from "./tables.ts";

/** The application's door to PostgreSQL, as the role that owns nothing. */
export interface Database {
  /**
   * Runs `work` in a transaction that sees and changes the rows of one user. It is rolled back when `work` throws.
   * Whatever else `work` starts on `tx` must be awaited within it. Throws RangeError for an empty user id.
   */
  asUser<T>(userId: string, work: (tx: Transaction<AppTables>) => Promise<T>): Promise<T>;
  /** Adds a line to the audit, independent of any transaction. Never throws: what can't be stored is logged as an error. */
  appendAudit(entry: AuditEntry): Promise<void>;
  /** Resolves when the server answers and its schema suits; else throws what is wrong (SchemaVersionError, pg errors). */
  ready(): Promise<void>;
  /** Waits for running transactions, then closes the connections. */
  close(): Promise<void>;
}

/** Opens the door. Connects when first used. */
export function createDatabase(config: PoolConfig): Database {
  const pool = createPool(config, { pipeline: true });
  const db = new Kysely<AppTables>({ dialect: new PipelinedDialect(pool) });
  return {
    asUser: async (userId, work) => {
      if (userId === "") throw new RangeError("asUser needs a user id");
      return db.transaction().execute(async (tx) => {
        // A connection answers in order: what `work` sends runs after this, in the same round trip.
        const context = sql`select set_config('app.user_id', ${userId}, true)`.execute(tx);
        const [result] = await Promise.all([work(tx), context]);
        return result;
      });
    },
    appendAudit: (entry) => appendAudit(pool, entry, config.log),
    ready: () => schemaReady(pool, "app"),
    close: () => db.destroy(),
  };
}

/** Throws when the database can't be reached or its schema doesn't suit this code. For either login role's pool. */
export async function schemaReady(pool: pg.Pool, role: "app" | "auth"): Promise<void> {
  const source = role === "app" ? "app.instance" : "auth.schema_version";
  const { rows } = await pool.query<SchemaRow>(`select schema_version, compatible_from from ${source}`);
  assertSchema(rows[0]);
}
