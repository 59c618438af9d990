import { setTimeout as sleep } from "node:timers/promises";
import { createPool, databaseTrouble, schemaReady } from "@taskassistant/db";
import { errorText } from "@taskassistant/kit/failures";
import { EnvError, parseEnv } from "@taskassistant/kit/process";
import type { Pool } from "pg";
import { createRecord } from "../audit.ts";
import { createLinks } from "../links.ts";
import { createPeople } from "../people.ts";
import { Refusal } from "../refusal.ts";
import { commandEnvSchema } from "./env.ts";
import { NobodyError, runCommand } from "./run.ts";
import { parseCommand, USAGE, UsageError } from "./usage.ts";

const RETRY_MS = 1_000;

/**
 * The program of the frontend's image for people, so that an assistant without any administrator is never stuck. Whoever can
 * run a pod beside the database is trusted with it. It writes no log: its output and the audit tell what it did.
 */
async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  if (command.name === "help") return void process.stdout.write(USAGE);
  const env = parseEnv(commandEnvSchema);
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const pool = createPool({
    url: env.DATABASE_URL,
    ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
    poolSize: 2,
    applicationName: "taskassistant-people",
    log: quiet,
  });
  try {
    await reachable(pool, env.DATABASE_WAIT_SECONDS);
    const links = createLinks({ pool, publicUrl: env.BETTER_AUTH_URL });
    const record = createRecord(pool, quiet);
    process.stdout.write(await runCommand(command, { people: createPeople(pool), links, record }));
  } finally {
    await pool.end();
  }
}

/** Waits for a database that can't be reached yet. Only this is repeated: what the command changes, it changes once. */
async function reachable(pool: Pool, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    try {
      return await schemaReady(pool, "auth");
    } catch (error) {
      if (databaseTrouble(error) !== "unreachable" || Date.now() >= deadline) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Says why on standard error and returns the exit code. */
function report(error: unknown): number {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  if (error instanceof UsageError) {
    say(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (error instanceof Refusal || error instanceof NobodyError || error instanceof EnvError) say(error.message);
  else say(`The command failed: ${errorText(error)}`);
  return 1;
}

await main().catch((error: unknown) => {
  process.exitCode = report(error);
});
