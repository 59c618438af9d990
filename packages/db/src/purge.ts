import { TRASH_DAYS } from "@taskassistant/contracts/limits";
import pg from "pg";
import { type ConnectionConfig, clientConfig } from "./pool.ts";
import { assertSchema, type SchemaRow } from "./schema-version.ts";

/** How long what has no use any more is kept, in days. */
export interface Retention {
  /** A task in the trash. */
  readonly trashDays: number;
  /** A row of an audit. */
  readonly auditDays: number;
}

/** What holds unless the installation sets another number. */
export const RETENTION: Retention = { trashDays: TRASH_DAYS, auditDays: 90 };

/** Something that expires: the rows of a table, in batches. `$1` = days, `$2` = rows of a batch. */
interface Expiring {
  readonly name: string;
  readonly days: (retention: Retention) => number;
  readonly sql: string;
}

const BATCH = 500;
/** Maximum number of batches of one kind in one run. The next run goes on. */
const BATCHES_MAX = 2_000;

/** The holder of a link that no longer works is told why for this long. */
const LINK_DAYS = 30;

/** Rate limits look back a minute, and the limit on an account's sign-ins some more. */
const RATE_LIMIT_DAYS = 1;

const EXPIRING: readonly Expiring[] = [
  {
    name: "trashedTasks",
    days: ({ trashDays }) => trashDays,
    sql: `delete from app.task where (user_id, id) in (select user_id, id from app.task
      where deleted_at < now() - make_interval(days => $1) order by deleted_at limit $2)`,
  },
  {
    name: "auditRows",
    days: ({ auditDays }) => auditDays,
    sql: `delete from app.audit where id in (select id from app.audit
      where at < now() - make_interval(days => $1) order by at limit $2)`,
  },
  {
    name: "administrationAuditRows",
    days: ({ auditDays }) => auditDays,
    sql: `delete from auth.audit where id in (select id from auth.audit
      where at < now() - make_interval(days => $1) order by at limit $2)`,
  },
  {
    name: "sessions",
    days: () => 0,
    sql: `delete from auth.session where id in (select id from auth.session
      where "expiresAt" < now() - make_interval(days => $1) limit $2)`,
  },
  {
    name: "verifications",
    days: () => 0,
    sql: `delete from auth.verification where id in (select id from auth.verification
      where "expiresAt" < now() - make_interval(days => $1) limit $2)`,
  },
  {
    name: "links",
    days: () => LINK_DAYS,
    sql: `delete from auth.link where id in (select id from auth.link
      where "expiresAt" < now() - make_interval(days => $1) limit $2)`,
  },
  {
    name: "rateLimits",
    days: () => RATE_LIMIT_DAYS,
    sql: `delete from auth."rateLimit" where id in (select id from auth."rateLimit"
      where "lastRequest" < extract(epoch from now() - make_interval(days => $1)) * 1000 limit $2)`,
  },
];

/**
 * Deletes what has expired, as the maintenance role. Works in short transactions, so that it can be ended at any time and
 * locks out nobody. Returns how many rows of each kind it deleted. Throws what pg throws, and SchemaVersionError.
 */
export async function purgeExpired(
  config: Omit<ConnectionConfig, "log">,
  retention: Retention,
): Promise<Record<string, number>> {
  const client = new pg.Client({ ...clientConfig(config), statement_timeout: 60_000, lock_timeout: 5_000 });
  // The statement that runs reports the loss.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<SchemaRow>("select schema_version, compatible_from from app.instance");
    assertSchema(rows[0]);
    const deleted: Record<string, number> = {};
    for (const each of EXPIRING) deleted[each.name] = await purge(client, each, each.days(retention));
    return deleted;
  } finally {
    await client.end().catch(() => {});
  }
}

async function purge(client: pg.Client, { sql }: Expiring, days: number): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const { rowCount } = await client.query(sql, [days, BATCH]);
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) break;
  }
  return total;
}
