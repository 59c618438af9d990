import { createHash } from "node:crypto";
import type { TableFacts } from "../manifest/manifest.ts";

/** Settings by which a row's text is the same on every server. */
export const SAME_TEXT = [
  "set datestyle = 'ISO, YMD'",
  "set intervalstyle = 'postgres'",
  "set timezone = 'UTC'",
  "set extra_float_digits = 1",
  "set bytea_output = 'hex'",
];

/** Names the tables with data, as `schema.table`, quoted. */
export const LIST_TABLES = `select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('app', 'auth') and c.relkind = 'r' order by 1`;

/**
 * One row of text: name, number of rows, and two sums over their hashes, separated by spaces. `offset 0` keeps PostgreSQL from
 * hashing each row twice, once for each half.
 */
export function factsQuery(table: string): string {
  const half = (from: number) => `coalesce(sum(('x' || substr(hash, ${from}, 16))::bit(64)::bigint), 0)`;
  return `select ${quoted(table)} || ' ' || count(*) || ' ' || ${half(1)} || ' ' || ${half(17)} as facts
    from (select encode(sha256(convert_to(whole_row::text, 'UTF8')), 'hex') as hash from only ${table} as whole_row offset 0) hashes`;
}

/** Reads what `factsQuery` selects. The sums don't depend on the order of the rows. */
export function factsFrom(line: string): TableFacts {
  const [, name = "", rows = "", sums = ""] = /^(.*) (\d+) (-?\d+ -?\d+)$/.exec(line) ?? [];
  if (name === "") throw new Error(`not the facts of a table: ${line.slice(0, 200)}`);
  const digest = createHash("sha256").update(`${rows} ${sums}`).digest("hex");
  return { name, rows: Number(rows), digest };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
