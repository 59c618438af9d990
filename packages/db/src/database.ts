import { LABELS_MAX } from "@taskassistant/contracts/limits";
import { Kysely, sql, type Transaction } from "kysely";
import type pg from "pg";
import { type AuditEntry, appendAudit } from "./audit.ts";
import { PipelinedDialect } from "./pipelined-dialect.ts";
import { createPool, type PoolConfig } from "./pool.ts";
import { type Quotas, withQuotaSentence } from "./quota-error.ts";
import { assertSchema, type SchemaRow } from "./schema-version.ts";
import type { AppTables } from "./tables.ts";
import { createUserSlots } from "./user-slots.ts";

/** How to reach PostgreSQL, and what one user may store. */
export interface DatabaseConfig extends PoolConfig {
  /** No limits by default but the one on projects and tags. */
  readonly quotas?: Quotas;
}

/** The application's access to PostgreSQL, as a role that owns nothing. */
export interface Database {
  /**
   * Runs `work` in a transaction that sees and changes the rows of one user. It is rolled back when `work` throws.
   * `work` must await everything that it starts on `tx`, and must not call `asUser` itself. Throws RangeError for an empty
   * user id, UserBusyError when too much work of this user waits, and QuotaExceededError when the work would make the user
   * exceed a quota, unless `overQuota` allows it.
   */
  asUser<T>(
    userId: string,
    work: (tx: Transaction<AppTables>) => Promise<T>,
    options?: { overQuota?: boolean },
  ): Promise<T>;
  /** Stores an entry of the audit, independent of any transaction. Never throws: an entry that can't be stored is logged. */
  appendAudit(entry: AuditEntry): Promise<void>;
  /** Resolves when the server answers and its schema suits this code. Throws SchemaVersionError or an error of pg otherwise. */
  ready(): Promise<void>;
  /** Waits for running transactions, then closes the connections. */
  close(): Promise<void>;
}

/** One user's share of the connections, and how much more of that user may wait for them, and how long. */
const SHARE_OF_USER = 4;
const WAITING = { maxWaiting: 100, waitMs: 5_000 };

/** Creates the access to a database. It connects when it is first used. */
export function createDatabase(config: DatabaseConfig): Database {
  const quotas = { labels: LABELS_MAX, ...config.quotas };
  const limits = JSON.stringify(quotas);
  const pool = createPool(config, { pipeline: true });
  const db = new Kysely<AppTables>({ dialect: new PipelinedDialect(pool) });
  const slots = createUserSlots({ perUser: Math.max(1, Math.floor(config.poolSize / SHARE_OF_USER)), ...WAITING });
  return {
    asUser: async (userId, work, options = {}) => {
      if (userId === "") throw new RangeError("asUser needs a user id");
      const transaction = () =>
        db.transaction().execute(async (tx) => {
          // A connection answers in order, so the statements of `work` run after this one, in the same round trip.
          const applied = options.overQuota === true ? "" : limits;
          const context = sql`select set_config('app.user_id', ${userId}, true), set_config('app.quotas', ${applied}, true)`;
          const sent = context.execute(tx);
          const [result] = await Promise.all([work(tx), sent]);
          return result;
        });
      return slots(userId, transaction).catch((error: unknown) => {
        throw withQuotaSentence(error, quotas);
      });
    },
    appendAudit: (entry) => appendAudit(pool, entry, config.log),
    ready: () => schemaReady(pool, "app"),
    close: () => db.destroy(),
  };
}

/** Throws when the database can't be reached or its schema doesn't suit this code. Works with the pool of either login role. */
export async function schemaReady(pool: pg.Pool, role: "app" | "auth"): Promise<void> {
  const source = role === "app" ? "app.instance" : "auth.schema_version";
  const { rows } = await pool.query<SchemaRow>(`select schema_version, compatible_from from ${source}`);
  assertSchema(rows[0]);
}
