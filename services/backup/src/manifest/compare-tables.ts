import type { TableFacts } from "./manifest.ts";

/** What differs between the tables of a backup and those found, one sentence each; none when they hold the same rows. */
export function differencesOf(expected: readonly TableFacts[], found: readonly TableFacts[]): string[] {
  const byName = new Map(found.map((table) => [table.name, table]));
  const known = new Set(expected.map(({ name }) => name));
  return [
    ...expected.flatMap((table) => {
      const other = byName.get(table.name);
      if (other === undefined) return [`${table.name} is missing`];
      if (other.rows !== table.rows) return [`${table.name} has ${other.rows} rows instead of ${table.rows}`];
      return other.digest === table.digest ? [] : [`${table.name} has other content`];
    }),
    ...found.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} was not in the backup`),
  ];
}

/** The number of rows of all tables together. */
export function totalRows(tables: readonly TableFacts[]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}
