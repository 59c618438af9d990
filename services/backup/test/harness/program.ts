import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestDatabase } from "@taskassistant/db/testing";
import { endWithOwner } from "@taskassistant/kit/testing";
import { generateX25519Identity } from "age-encryption";
import { clientsFolder } from "../../../../scripts/test/backup/install.ts";

const PROGRAM = join(import.meta.dirname, "../../src/main.ts");

/** How a run of the program ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The termination message: the result, or reason and message. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly result: any;
  readonly stderr: string;
  readonly log: string;
}

/** A place for backups, an identity, and the program. */
export interface Workshop {
  readonly folder: string;
  readonly identity: string;
  /** `file:///...` of the folder, with a name behind it. */
  location(name?: string): string;
  /** Runs a command on a database. `kill` ends it by SIGKILL when it is true of what was logged, or after so many ms. */
  run(
    command: string,
    database: TestDatabase | undefined,
    env?: Record<string, string>,
    kill?: number,
  ): Promise<Outcome>;
  remove(): Promise<void>;
}

export async function createWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "taskassistant-backup-"));
  const identity = await generateX25519Identity();
  let runs = 0;
  return {
    folder,
    identity,
    location: (name = "") => `file://${folder}/backups/${name}${name === "" ? "" : "/"}`,
    run: async (command, database, env = {}, kill) => {
      runs += 1;
      const termination = join(folder, `termination-${runs}`);
      await writeFile(termination, "");
      const own = database && {
        DATABASE_ADMIN_URL: database.adminUrl,
        INSTANCE_ID: database.instanceId,
        BETTER_AUTH_SECRET: database.authSecret,
        BACKUP_IDENTITY: identity,
      };
      const child = endWithOwner(
        spawn(process.execPath, [PROGRAM, command], {
          env: {
            POSTGRES_CLIENTS_FOLDER: clientsFolder(),
            DATABASE_WAIT_SECONDS: "0",
            PROGRESS_PORT: "0",
            TERMINATION_MESSAGE_PATH: termination,
            NODE_ENV: "test",
            ...own,
            ...env,
          },
          stdio: ["ignore", "pipe", "pipe"],
        }),
      );
      const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
      const timer = kill === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), kill);
      const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
        child.once("close", (...ending) => resolve(ending)),
      );
      clearTimeout(timer);
      const text = await readFile(termination, "utf8");
      return { code, signal, result: text === "" ? undefined : JSON.parse(text), stderr: stderr(), log: stdout() };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return () => text;
}
