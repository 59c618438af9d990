import { type DatabaseConnection, PostgresDialect, PostgresDriver, type TransactionSettings } from "kysely";
import type pg from "pg";

/**
 * kysely's PostgreSQL dialect for a pool in pipeline mode: `begin` is sent without waiting for its answer, together
 * with what follows, which saves a round trip per transaction. When `begin` fails, so does
 * everything behind it: the user id exists only in the transaction, and without one row-level security shows no rows.
 */
export class PipelinedDialect extends PostgresDialect {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    super({ pool });
    this.#pool = pool;
  }

  override createDriver(): PostgresDriver {
    return new PipelinedDriver({ pool: this.#pool });
  }
}

class PipelinedDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    super.beginTransaction(connection, settings).catch(() => {});
  }
}
