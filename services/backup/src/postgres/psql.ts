import { createInterface } from "node:readline";
import type { BackupError } from "../backup-error.ts";
import { feed } from "../bytes/feed.ts";
import { start } from "./child.ts";
import type { Clients } from "./clients.ts";
import { type Connection, errorOfCode, libpqEnvironment } from "./connection.ts";

/** One session of psql. The first statement that fails ends it, and with it the transaction. */
export interface Psql {
  /** Sends statements. `note` is told of the rows that COPY has loaded. */
  send(parts: AsyncIterable<Uint8Array> | string): Promise<void>;
  /** Sends statements, waits until they have run and returns the lines that they select. Throws why one failed. */
  ask(statements: string): Promise<string[]>;
  /** Ends the session; what was not committed is gone. */
  stop(): Promise<void>;
}

export interface PsqlDeps {
  readonly connection: Connection;
  readonly clients: Clients;
  readonly signal: AbortSignal;
  /** Is told how many rows each COPY has loaded. */
  readonly onRows: (rows: number) => void;
}

/** Starts psql. It reads a script from its input, so that one transaction can hold what several programs write. */
export function openPsql({ connection, clients, signal, onRows }: PsqlDeps): Psql {
  const args = ["--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
  const stopped = new AbortController();
  const child = start(clients.psql, [...args, "--set=VERBOSITY=verbose", "--file=-"], {
    libraries: clients.libraries,
    env: libpqEnvironment(connection),
    stdio: ["pipe", "pipe", "pipe"],
    signal: AbortSignal.any([signal, stopped.signal]),
  });
  let lines: string[] = [];
  let asked: { mark: string; answer: (lines: string[]) => void } | undefined;
  let marks = 0;
  const output = child.process.stdout;
  if (output) {
    createInterface({ input: output }).on("line", (line) => {
      if (line === asked?.mark) {
        asked.answer(lines);
        lines = [];
        return;
      }
      const copied = /^COPY (\d+)$/.exec(line)?.[1];
      if (copied !== undefined) onRows(Number(copied));
      // Nobody asked for what the archive's statements say.
      else if (asked !== undefined) lines.push(line);
    });
  }
  const failure = child.ended.then(({ code, errors }) => {
    signal.throwIfAborted();
    throw errorFrom(errors || `psql ended with ${code}`, connection);
  });
  failure.catch(() => {});

  return {
    send: async (parts) => {
      const pieces = typeof parts === "string" ? [Buffer.from(parts)] : parts;
      await Promise.race([feed(child.process.stdin, pieces as AsyncIterable<Uint8Array>, { keepOpen: true }), failure]);
    },
    ask: async (statements) => {
      marks += 1;
      const mark = `ta-mark-${process.pid}-${marks}`;
      const answered = new Promise<string[]>((answer) => {
        asked = { mark, answer };
      });
      child.process.stdin?.write(`${statements}\n\\echo ${mark}\n`);
      try {
        return await Promise.race([answered, failure]);
      } finally {
        asked = undefined;
      }
    },
    stop: async () => {
      stopped.abort();
      await child.ended;
    },
  };
}

/** Finds `ERROR:  42501: permission denied` in what psql printed. */
function errorFrom(errors: string, connection: Connection): BackupError {
  const [, code = "", text = ""] = /(?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}): (.*)/.exec(errors) ?? [];
  return errorOfCode(code, text || errors, connection, "RestoreFailed");
}
