import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { type Binaries, embeddedBinaries } from "./binaries.ts";
import { freePort } from "./free-port.ts";
import { type NetworkOptions, openToNetwork } from "./network.ts";
import { type UnixUser, unprivilegedUser } from "./unprivileged.ts";

/** The server gets none of our environment, only the variable that the types of Next.js demand. */
const NO_ENVIRONMENT = { NODE_ENV: "production" } as const;

const run = promisify(execFile);
const START_SECONDS = 30;

/** A running PostgreSQL. */
export interface Postgres {
  /** URL of the superuser `postgres`, database `postgres`. */
  adminUrl: string;
  /** The folder with data and log; absent for a server that another process runs. */
  folder?: string;
  /** Ends the server and removes a temporary data folder. Safe to call twice. */
  stop(): Promise<void>;
}

/** How to start a PostgreSQL. */
export interface PostgresOptions {
  /**
   * Keep the data in this folder (created when missing, with the password beside the data) and write it safely. As root
   * its parents must be open to others, because the server runs as another user.
   * Without it the data is temporary and fast: nothing is flushed to the disk.
   */
  dataFolder?: string;
  /** A fixed port. Default: a free one. */
  port?: number;
  /** Opens the server to the network. Only for temporary data. */
  network?: NetworkOptions;
  /** Programs of another version, in a folder that others may enter. */
  server?: { readonly major: number; readonly binaries: Binaries };
}

/**
 * Starts PostgreSQL 17 on 127.0.0.1, or returns the server of `TEST_DATABASE_ADMIN_URL` when that is set and neither a
 * data folder nor a network nor another version is asked for. The server ends with this process, however that ends, because its keeper waits for a
 * pipe to close.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const { network, dataFolder, server } = options;
  const given = process.env.TEST_DATABASE_ADMIN_URL;
  if (given && dataFolder === undefined && network === undefined && server === undefined)
    return { adminUrl: given, stop: async () => {} };
  if (dataFolder !== undefined && network !== undefined) throw new Error("a network is for temporary data only");
  const [binaries, user] = await Promise.all([server?.binaries ?? embeddedBinaries(), unprivilegedUser()]);
  const temporary = dataFolder === undefined;
  const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), "taskassistant-postgres-")));
  if (!temporary) await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
  const cluster = {
    folder,
    temporary,
    user,
    binaries,
    major: server?.major ?? 17,
    addresses: ["127.0.0.1", ...(network ? [network.address] : [])],
  };
  try {
    const password = await initialise(cluster);
    if (network) await openToNetwork(join(folder, "data"), network, user);
    return await launch(cluster, password, options.port);
  } catch (error) {
    if (temporary) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Cluster {
  folder: string;
  temporary: boolean;
  user: UnixUser | undefined;
  binaries: Binaries;
  major: number;
  /** Where it listens. */
  addresses: string[];
}

/** Creates the data folder when there is none yet. Returns the superuser's password. */
async function initialise({ folder, temporary, user, binaries, major }: Cluster): Promise<string> {
  const passwordFile = join(folder, "password");
  const kept = await readFile(passwordFile, "utf8").catch(() => undefined);
  if (kept && (await readFile(join(folder, "data", "PG_VERSION")).catch(() => undefined))) return kept;
  const password = randomBytes(18).toString("base64url");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  await rm(join(folder, "data"), { recursive: true, force: true });
  const args = ["-D", join(folder, "data"), "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  // The same order and letter case everywhere, without asking for the machine's locales.
  const locale = major < 17 ? ["--no-locale"] : ["--locale-provider=builtin", "--locale=C.UTF-8"];
  args.push(...locale, "--encoding=UTF8", ...(temporary ? ["--no-sync"] : []));
  const env = { ...NO_ENVIRONMENT, PATH: dirname(binaries.initdb), TZ: "UTC" };
  await run(binaries.initdb, args, { ...user, cwd: folder, env }).catch((error: unknown) => {
    if (!user || !String(error).includes("Permission denied")) throw error;
    throw new Error(
      `PostgreSQL can't run as root; it runs as user ${user.uid}, who may not enter ${folder}. Choose a folder that others may enter.`,
      { cause: error },
    );
  });
  return password;
}

async function launch(cluster: Cluster, password: string, port: number | undefined): Promise<Postgres> {
  const attempts = port === undefined ? 5 : 1;
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort());
    const adminUrl = `postgres://postgres:${password}@127.0.0.1:${chosen}/postgres`;
    const keeper = spawnServer(cluster, chosen);
    const error = await untilReady(keeper, adminUrl);
    if (error === undefined) return { adminUrl, folder: cluster.folder, stop: () => stop(keeper, cluster) };
    const log = await readFile(join(cluster.folder, "log"), "utf8").catch(() => "");
    await end(keeper, "keep");
    // Between looking for a free port and using it another process may have taken it.
    if (attempt < attempts && /could not bind/.test(log)) continue;
    throw new Error(`PostgreSQL did not start within ${START_SECONDS} s: ${error.message}\n${log.slice(-2000)}`);
  }
}

/** Starts the server, waits until standard input closes, on request or because this process is gone, and ends the server. */
const KEEPER = `
"$1" -D "$2/data" -p "$3" -k "$2" -h "$6" $5 >"$2/log" 2>&1 &
server=$!
trap '' INT TERM HUP
read -r word
kill -INT $server 2>/dev/null
wait $server
[ "$4$word" = temporary ] && rm -rf "$2"
exit 0
`;

function spawnServer({ folder, temporary, user, binaries, addresses }: Cluster, port: number): ChildProcess {
  const fast = "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=200";
  const life = temporary ? ["temporary", fast] : ["kept", ""];
  const args = [binaries.postgres, folder, String(port), ...life, addresses.join(",")];
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "postgres-keeper", ...args], {
    ...user,
    cwd: folder,
    // A process group of its own: Ctrl-C in the terminal must not reach the server before its clients.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { ...NO_ENVIRONMENT, PATH: "/usr/bin:/bin", TZ: "UTC", LC_ALL: "C" },
  });
  keeper.unref();
  (keeper.stdin as unknown as { unref(): void }).unref();
  keeper.stdin?.on("error", () => {});
  return keeper;
}

async function untilReady(keeper: ChildProcess, url: string): Promise<Error | undefined> {
  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return undefined;
    } catch (error) {
      await client.end().catch(() => {});
      if (Date.now() > deadline || keeper.exitCode !== null) return error as Error;
    }
    await sleep(25);
  }
}

async function stop(keeper: ChildProcess, { folder, temporary }: Cluster): Promise<void> {
  await end(keeper);
  if (temporary) await rm(folder, { recursive: true, force: true });
}

/** `keep`: the temporary data folder outlives the server. */
async function end(keeper: ChildProcess, word?: "keep"): Promise<void> {
  if (keeper.exitCode !== null) return;
  keeper.ref();
  const ended = new Promise((resolve) => keeper.once("exit", resolve));
  keeper.stdin?.end(word === undefined ? "" : `${word}\n`);
  await ended;
}
