import pg from "pg";
import { USER_TABLE_PATTERN } from "./user-tables.ts";

/** A statement as it was sent to PostgreSQL. */
export interface Statement {
  sql: string;
  values: readonly unknown[];
  /** The user of the transaction it ran in; undefined outside of `asUser`. */
  userId: string | undefined;
}

/** Records every statement that this process sends to PostgreSQL, whichever library sends it, until `stop`. */
export function recordStatements(): { statements: Statement[]; stop(): void } {
  const statements: Statement[] = [];
  const users = new WeakMap<object, string>();
  const original = pg.Client.prototype.query;
  function query(this: pg.Client, ...args: unknown[]): unknown {
    const [first, second] = args;
    const config = typeof first === "object" && first !== null ? (first as { text?: string; values?: unknown[] }) : {};
    const sql = typeof first === "string" ? first : (config.text ?? "");
    const values = Array.isArray(second) ? second : (config.values ?? []);
    if (sql.includes("set_config('app.user_id'")) users.set(this, String(values[0]));
    else if (/^(commit|rollback)$/.test(sql)) users.delete(this);
    else if (sql !== "begin") statements.push({ sql, values, userId: users.get(this) });
    return Reflect.apply(original, this, args);
  }
  pg.Client.prototype.query = query as typeof original;
  return {
    statements,
    stop: () => {
      pg.Client.prototype.query = original;
    },
  };
}

const USER_FILTER = /(?:"app"\."\w+"\.)?"user_id" = (\$\d+)/g;

/**
 * Removes the filter on the user from every statement of this process, until `stop`, so that only row-level security still
 * keeps users apart. `removed` counts the filters.
 */
export function removeUserFilters(): { removed: number; stop(): void } {
  const original = pg.Client.prototype.query;
  function query(this: pg.Client, ...args: unknown[]): unknown {
    const [first, ...rest] = args;
    const without = (sql: string) =>
      sql.replace(USER_FILTER, (_filter, value) => {
        removal.removed += 1;
        return `${value}::text is not null`;
      });
    const config = typeof first === "object" && first !== null ? (first as { text?: string }) : undefined;
    const changed = typeof first === "string" ? without(first) : { ...config, text: without(config?.text ?? "") };
    return Reflect.apply(original, this, [changed, ...rest]);
  }
  pg.Client.prototype.query = query as typeof original;
  const removal = {
    removed: 0,
    stop: () => {
      pg.Client.prototype.query = original;
    },
  };
  return removal;
}

/** A table's name, not the one in front of a column. */
const USER_TABLE = new RegExp(`"?\\bapp\\b"?\\."?(${USER_TABLE_PATTERN})\\b(?!"?\\.)"?`, "g");

/**
 * What is wrong with a statement on user data; undefined when it keeps to its user. For each mention of a user's table
 * a statement must say `where "user_id" = $n` first, with nothing but `and` behind it, or insert into `user_id`, and
 * `$n` must be the user of the transaction.
 */
export function unscoped({ sql, values, userId }: Statement): string | undefined {
  const mentions = sql.match(USER_TABLE)?.length ?? 0;
  if (mentions === 0) return undefined;
  if (userId === undefined) return "runs outside of asUser";
  const filters = [...sql.matchAll(/\bwhere (?:[\w".]+\.)?"?user_id"? = \$(\d+)/g)].map((match) => Number(match[1]));
  const inserted = insertedUsers(sql);
  if (inserted === undefined) return "inserts without user_id";
  if (filters.length + (inserted.length > 0 ? 1 : 0) < mentions) return "has no filter on user_id for each table";
  if (/ or /.test(withoutParentheses(sql))) return "weakens its filter with 'or'";
  const foreign = [...filters, ...inserted].find((index) => values[index - 1] !== userId);
  return foreign === undefined ? undefined : `filters by $${foreign}, which is not the user of the transaction`;
}

/** The parameters that rows are inserted with as `user_id`; none for other statements; undefined when one has none. */
function insertedUsers(sql: string): number[] | undefined {
  const insert = /^insert into \S+ \(([^)]*)\) values (.*?)(?: on conflict| returning|$)/s.exec(sql);
  if (insert === null) return sql.startsWith("insert") ? undefined : [];
  const column = (insert[1] ?? "").split(",").findIndex((name) => name.trim().replaceAll('"', "") === "user_id");
  if (column < 0) return undefined;
  const rows = (insert[2] ?? "").match(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g) ?? [];
  return rows.map((row) => Number(/^\$(\d+)/.exec(row.slice(1, -1).split(",")[column]?.trim() ?? "")?.[1] ?? 0));
}

/** Innermost first, so that only what binds the whole statement is left. Sub-selects keep their own filters. */
function withoutParentheses(sql: string): string {
  const shorter = sql.replace(/\([^()]*\)/g, "");
  return shorter === sql ? sql : withoutParentheses(shorter);
}
