import { authFingerprint, type Log, type RoleNames, roleNames } from "@taskassistant/db";
import { BackupError } from "../backup-error.ts";
import { textOf } from "../bytes/measure.ts";
import type { OpenBackup } from "../commands/open-backup.ts";
import { differencesOf } from "../manifest/compare-tables.ts";
import { OBJECTS, type TableFacts } from "../manifest/manifest.ts";
import { type Archive, contentsOf, statementsOf } from "../postgres/archive.ts";
import type { Clients } from "../postgres/clients.ts";
import type { Connection } from "../postgres/connection.ts";
import { openPsql, type Psql } from "../postgres/psql.ts";
import { factsFrom, factsQuery, LIST_TABLES, SAME_TEXT } from "../postgres/tables.ts";
import { type Progress, share } from "../progress/progress.ts";
import { accessFor } from "./access.ts";
import { withoutUnknownSettings } from "./settings.ts";
import { begin, claim, endSessions, finish, keepSessions, makeRoom } from "./statements.ts";

/** What happens to the people who are signed in. */
export type Sessions = "kept" | "as in the backup" | "ended";

export interface LoadDeps {
  readonly connection: Connection;
  readonly clients: Clients;
  /** Major version of the server that takes the data. */
  readonly serverMajor: number;
  /** Roles that the server has. */
  readonly existingRoles: readonly string[];
  readonly backup: OpenBackup;
  /** The instance that the data shall belong to. */
  readonly target: { readonly instanceId: string; readonly authSecret: string };
  readonly sessions: Sessions;
  readonly progress: Progress;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Replaces the data of a database in one transaction: loads the archive, compares every table with the backup, and commits only
 * then. However it ends before, the server rolls back and the old data is there.
 */
export async function load(deps: LoadDeps): Promise<void> {
  const { backup, progress, signal } = deps;
  const archive: Archive = { clients: deps.clients, parts: (note) => backup.archive(note), signal };
  const contents = await contentsOf(archive);
  const early = statementsOf(archive, contents.access, { whole: false });
  const access = await textOf(withoutUnknownSettings(early, deps.serverMajor));
  const roles = roleNames(deps.target.instanceId);
  const psql = openPsql({
    connection: deps.connection,
    clients: deps.clients,
    signal,
    onRows: (rows) => {
      progress.rows += rows;
    },
  });
  try {
    await psql.ask(begin(roles));
    await psql.ask(makeRoom(roles));
    progress.step = "restoring";
    const size = backup.manifest.objects[OBJECTS.dump].bytes;
    const note = (bytes: number) => {
      progress.bytes = bytes;
      progress.percent = share(bytes, size * 1.1);
    };
    const statements = statementsOf(archive, contents.data, { whole: true, note });
    await psql.send(withoutUnknownSettings(statements, deps.serverMajor));
    progress.step = "comparing";
    await compare(psql, backup.manifest.tables);
    await adopt(psql, deps, roles, access);
    signal.throwIfAborted();
    await psql.ask(finish());
  } finally {
    await psql.stop();
  }
}

async function compare(psql: Psql, expected: readonly TableFacts[]): Promise<void> {
  const names = await psql.ask(`${SAME_TEXT.join(";\n")};\n${LIST_TABLES};`);
  const found: TableFacts[] = [];
  for (const name of names.filter((line) => line.includes("."))) {
    const lines = await psql.ask(`${factsQuery(name)};`);
    found.push(factsFrom(lines.at(-1) ?? ""));
  }
  const differences = differencesOf(expected, found);
  if (differences.length === 0) return;
  throw new BackupError(
    "DataMismatch",
    `what was restored is not what was backed up: ${differences.slice(0, 5).join("; ")}. Nothing was changed; restore another backup.`,
  );
}

/** Gives the data the roles, the secret and the sessions of its new owner. */
async function adopt(psql: Psql, deps: LoadDeps, roles: RoleNames, access: string): Promise<void> {
  const { backup, target, log, sessions } = deps;
  if (sessions === "kept") await psql.ask(`reset role;\n${keepSessions()}\nset role ${roles.owner};`);
  if (sessions === "ended") await psql.ask(endSessions());
  await psql.ask(claim(target.instanceId, authFingerprint(target)));
  const source = roleNames(backup.manifest.instanceId);
  const { statements, leftOut } = accessFor(access, source, roles, deps.existingRoles);
  if (leftOut.length > 0) log.warn({ leftOut }, "left out grants to roles that this server does not have");
  await psql.ask(statements);
}
