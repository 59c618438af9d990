import { createLogger, EnvError, parseEnv } from "@taskassistant/kit/process";
import manifest from "../package.json" with { type: "json" };
import { backup, type CommandDeps } from "./commands/backup.ts";
import { prune } from "./commands/prune.ts";
import { restore } from "./commands/restore.ts";
import { verify } from "./commands/verify.ts";
import { openAge } from "./encryption/age.ts";
import { type Env, envSchema, pruneEnvSchema } from "./env.ts";
import { backupId, openStore } from "./location/open-store.ts";
import { installedClients } from "./postgres/clients.ts";
import { newProgress, type Progress } from "./progress/progress.ts";
import { serveProgress } from "./progress/serve.ts";
import { failureOf, report, resultOf } from "./result.ts";

const COMMANDS = ["backup", "verify", "restore", "prune"] as const;
type Command = (typeof COMMANDS)[number];

/** The Job's program. Its result, or `{reason, message}` with exit code 1, goes to the log and the termination message. */
async function main(signal: AbortSignal): Promise<Record<string, unknown>> {
  const command = process.argv[2];
  if (!isCommand(command)) throw new EnvError([{ name: "argument", message: `is none of ${COMMANDS.join(", ")}` }]);
  const progress = newProgress();
  if (command === "prune") return runPrune(progress);
  const env = parseEnv(envSchema);
  await serveProgress(progress, env.PROGRESS_PORT);
  const deps = await commandDeps(env, command, progress, signal);
  try {
    return await run(command, deps, env);
  } finally {
    deps.store.close();
  }
}

async function run(command: Exclude<Command, "prune">, deps: CommandDeps, env: Env): Promise<Record<string, unknown>> {
  const location = deps.store.description;
  if (command === "backup") {
    const made = await backup({ ...deps, id: backupId(env.BACKUP_LOCATION), release: manifest.version });
    return { ...resultOf(made, location) };
  }
  if (command === "verify") return { ...resultOf(await verify(deps), location), verified: true };
  const restored = await restore(deps);
  return { ...resultOf(restored.manifest, location), sessions: restored.sessions };
}

async function runPrune(progress: Progress): Promise<Record<string, unknown>> {
  const env = parseEnv(pruneEnvSchema);
  await serveProgress(progress, env.PROGRESS_PORT);
  const store = openStore(env);
  try {
    const maxAgeDays = env.RETENTION_MAX_AGE_DAYS === 0 ? undefined : env.RETENTION_MAX_AGE_DAYS;
    const pruned = await prune({
      store,
      retention: { keepLast: env.RETENTION_KEEP_LAST, maxAgeDays },
      remainsAfterMinutes: env.REMAINS_AFTER_MINUTES,
      log: createLogger({ name: "prune", level: env.LOG_LEVEL }),
    });
    return { ok: true, location: store.description, ...pruned };
  } finally {
    store.close();
  }
}

async function commandDeps(env: Env, name: Command, progress: Progress, signal: AbortSignal): Promise<CommandDeps> {
  return {
    connection: {
      adminUrl: env.DATABASE_ADMIN_URL,
      ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
    },
    waitSeconds: env.DATABASE_WAIT_SECONDS,
    instanceId: env.INSTANCE_ID,
    authSecret: env.BETTER_AUTH_SECRET,
    clients: await installedClients(env.POSTGRES_CLIENTS_FOLDER),
    age: await openAge(env.BACKUP_IDENTITY),
    store: openStore(env, signal),
    progress,
    log: createLogger({ name, level: env.LOG_LEVEL }),
    signal,
  };
}

function isCommand(text: string | undefined): text is Command {
  return COMMANDS.some((command) => command === text);
}

const stopping = new AbortController();
for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => stopping.abort(new Error(name)));
const path = process.env.TERMINATION_MESSAGE_PATH || "/dev/termination-log";
try {
  const result = await main(stopping.signal);
  report(path, result);
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  const failure = failureOf(error, stopping.signal);
  report(path, failure);
  process.stderr.write(`${JSON.stringify(failure)}\n`);
  process.exitCode = 1;
}
