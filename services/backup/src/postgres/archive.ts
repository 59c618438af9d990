import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackupError } from "../backup-error.ts";
import { feed } from "../bytes/feed.ts";
import { textOf } from "../bytes/measure.ts";
import { start } from "./child.ts";
import type { Clients } from "./clients.ts";

/** pg_dump's archive, readable from its beginning as often as needed. */
export interface Archive {
  readonly clients: Clients;
  parts(note?: (bytes: number) => void): AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** What pg_restore may do to a target, in two steps. */
export interface Contents {
  /** The entries up to the last constraint. */
  readonly data: string;
  /** Who may see which rows: grants, policies and the switches of row-level security. */
  readonly access: string;
}

/** Entries of a table of contents, as `pg_restore --list` names their types. */
const ACCESS = /^\d+; \d+ \d+ (ACL|DEFAULT ACL|POLICY|ROW SECURITY) /;
/** Made by the restore itself, or nothing that TaskAssistant has. */
const LEFT_OUT =
  /^\d+; \d+ \d+ (SCHEMA|EXTENSION|EVENT TRIGGER|PUBLICATION|PUBLICATION TABLE|SUBSCRIPTION|SECURITY LABEL) /;

/** Sorts a table of contents. Comments and what is left out are in neither part. */
export function sortContents(list: string): Contents {
  const entries = list.split("\n").filter((line) => /^\d+; /.test(line) && !LEFT_OUT.test(line));
  const access = entries.filter((line) => ACCESS.test(line));
  const data = entries.filter((line) => !ACCESS.test(line));
  return { data: `${data.join("\n")}\n`, access: `${access.join("\n")}\n` };
}

/** Reads the table of contents at the archive's beginning. */
export async function contentsOf(archive: Archive): Promise<Contents> {
  return sortContents(await textOf(run(archive, ["--list"], { untilClosed: true })));
}

/** The statements of the entries in `list`, without owners. Reads only as much of the archive as they need. */
export async function* statementsOf(
  archive: Archive,
  list: string,
  options: { whole: boolean; note?: (bytes: number) => void },
): AsyncGenerator<Uint8Array> {
  // pg_restore opens the list by name, so it can't come through a pipe.
  const folder = await mkdtemp(join(tmpdir(), "restore-"));
  try {
    const file = join(folder, "list");
    await writeFile(file, list, { mode: 0o600 });
    const args = ["--file=-", "--no-owner", "--no-tablespaces", "--no-security-labels", `--use-list=${file}`];
    yield* run(archive, args, { untilClosed: !options.whole, note: options.note });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* run(
  { clients, parts, signal }: Archive,
  args: readonly string[],
  { untilClosed, note }: { untilClosed: boolean; note?: ((bytes: number) => void) | undefined },
): AsyncGenerator<Uint8Array> {
  const stopped = new AbortController();
  const child = start(clients.pgRestore, args, {
    libraries: clients.libraries,
    env: {},
    stdio: ["pipe", "pipe", "pipe"],
    signal: AbortSignal.any([signal, stopped.signal]),
  });
  const fed = feed(child.process.stdin, parts(note), { untilClosed }).catch((error: unknown) => {
    // What was read is of no use: end it before it is taken for the whole.
    stopped.abort();
    return { error };
  });
  try {
    if (child.process.stdout) yield* child.process.stdout as AsyncIterable<Uint8Array>;
    const [feeding, { code, errors }] = await Promise.all([fed, child.ended]);
    if (feeding) throw feeding.error;
    signal.throwIfAborted();
    if (code !== 0) throw new BackupError("RestoreFailed", `pg_restore can't read the archive: ${errors || code}`);
  } finally {
    stopped.abort();
  }
}
