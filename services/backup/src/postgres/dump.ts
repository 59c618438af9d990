import { start } from "./child.ts";
import type { Clients } from "./clients.ts";
import { type Connection, errorOfCode, libpqEnvironment } from "./connection.ts";

export interface DumpDeps {
  readonly connection: Connection;
  readonly clients: Clients;
  /** The exported snapshot to read. */
  readonly snapshot: string;
  /** The role that reads, if it is not the one that signs in. Its policies show it every row. */
  readonly role?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * The schemas of TaskAssistant in pg_dump's custom format, in pieces.
 * @throws BackupError after the last piece when the dump is not whole
 */
export async function* dump({ connection, clients, snapshot, role, signal }: DumpDeps): AsyncGenerator<Uint8Array> {
  const asRole = role === undefined ? [] : ["--role", role, "--enable-row-security"];
  const args = [
    "--format=custom",
    "--no-password",
    "--schema=app",
    "--schema=auth",
    `--snapshot=${snapshot}`,
    ...asRole,
  ];
  const child = start(clients.pgDump, args, {
    libraries: clients.libraries,
    env: libpqEnvironment(connection),
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  try {
    if (child.process.stdout) yield* child.process.stdout as AsyncIterable<Uint8Array>;
    const { code, errors } = await child.ended;
    if (code === 0) return;
    signal.throwIfAborted();
    throw errorOfCode("", `pg_dump ended with ${code}: ${errors}`, connection, "DumpFailed");
  } finally {
    // Whoever reads may have stopped.
    if (child.process.exitCode === null) child.process.kill("SIGKILL");
  }
}
