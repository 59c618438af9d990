import type pg from "pg";
import { BackupError } from "../backup-error.ts";
import type { TableFacts } from "../manifest/manifest.ts";
import { factsFrom, factsQuery, LIST_TABLES, SAME_TEXT } from "./tables.ts";

/** One state of the database that several connections see. It ends with the connection that holds it. */
export interface Snapshot {
  /** For `pg_dump --snapshot`. */
  readonly id: string;
  readonly schemaVersion: number;
  /** Reads every table, in the same state. */
  tables(): Promise<TableFacts[]>;
}

/** Server version as a text, such as `17.10`, and its major version. */
export async function serverVersion(client: pg.Client): Promise<{ text: string; major: number }> {
  const { rows } = await client.query<{ text: string; number: number }>(
    "select current_setting('server_version') as text, current_setting('server_version_num')::int as number",
  );
  const { text = "", number = 0 } = rows[0] ?? {};
  // Distributions add their own words.
  return { text: text.split(" ")[0] ?? text, major: Math.floor(number / 10_000) };
}

/** Fixes the state of the database on this connection. `role` reads the tables, if it is not the one that signed in. */
export async function openSnapshot(client: pg.Client, role?: string): Promise<Snapshot> {
  for (const setting of SAME_TEXT) await client.query(setting);
  await client.query("begin isolation level repeatable read read only");
  if (role !== undefined) await client.query(`set local role ${role}`);
  const { rows } = await client.query<{ id: string }>("select pg_export_snapshot() as id");
  const version = await client.query<{ schema_version: number }>("select schema_version from app.instance");
  const id = rows[0]?.id;
  const schemaVersion = version.rows[0]?.schema_version;
  if (id === undefined || schemaVersion === undefined) {
    throw new BackupError(
      "NothingToBackUp",
      "the database holds no data of TaskAssistant yet; wait for its migration.",
    );
  }
  return {
    id,
    schemaVersion,
    tables: async () => {
      const names = await client.query<{ name: string }>(LIST_TABLES);
      const facts: TableFacts[] = [];
      for (const { name } of names.rows) {
        const result = await client.query<{ facts: string }>(factsQuery(name));
        facts.push(factsFrom(result.rows[0]?.facts ?? ""));
      }
      return facts;
    },
  };
}
