import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, globSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { endWithOwner } from "@taskassistant/kit/testing";

const frontend = fileURLToPath(new URL("..", import.meta.url));
/** The built frontend, as the image has it. */
export const standalone = join(frontend, ".next/standalone/services/frontend");
const SOURCES = [
  "{app,features,lib,server,shell,ui,scripts}/**/*.{ts,tsx,css}",
  "*.{ts,json}",
  "../../packages/*/src/**/*.ts",
];
/** Held while building, because several test files need the build. */
const LOCK = join(frontend, "../../.cache/frontend-build.lock");
/** A lock older than this is left over from a run that was killed. */
const LOCK_MAX_MS = 300_000;

/** Builds what the image contains, unless the build is newer than every source. */
export async function buildFrontend(): Promise<void> {
  await withLock(async () => {
    const built = statSync(join(standalone, ".next/script-hashes.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const newest = Math.max(
      ...globSync(SOURCES, { cwd: frontend }).map((file) => statSync(join(frontend, file)).mtimeMs),
    );
    if (built > newest) return;
    const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
    await promisify(execFile)("npm", ["run", "build"], { cwd: frontend, env });
  });
}

async function withLock(work: () => Promise<void>): Promise<void> {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      closeSync(openSync(LOCK, "wx"));
      break;
    } catch {
      const held = statSync(LOCK, { throwIfNoEntry: false });
      if (held !== undefined && Date.now() - held.mtimeMs > LOCK_MAX_MS) rmSync(LOCK, { force: true });
      await sleep(200);
    }
  }
  try {
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** A service that runs as its own process. */
export interface Started {
  url: string;
  healthUrl: string;
  process: ChildProcess;
  /** Everything written to both outputs so far. */
  output(): string;
  /** Resolves with the exit code and the signal. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
}

/** A frontend that runs as in the image. */
export interface BuiltServer extends Started {
  exchangeUrl: string;
}

/** Starts `server.js` as the image does, on free ports. */
export async function startBuilt(env: Record<string, string>): Promise<BuiltServer> {
  const [port, exchangePort] = await Promise.all([freePort(), freePort()]);
  const started = await start(["server.js"], standalone, port, {
    EXCHANGE_PORT: String(exchangePort),
    BETTER_AUTH_URL: `http://localhost:${port}`,
    ...env,
  });
  return { ...started, exchangeUrl: `http://127.0.0.1:${exchangePort}/oauth2/token` };
}

/** Starts another service as its own process. The demo model answers probes at its only port. */
export async function startService(
  name: "api" | "mcp" | "model-demo",
  port: number,
  env: Record<string, string>,
): Promise<Started> {
  const started = await start(["src/main.ts"], join(frontend, "..", name), port, env);
  return name === "model-demo" ? { ...started, healthUrl: started.url } : started;
}

async function start(args: string[], cwd: string, port: number, env: Record<string, string>): Promise<Started> {
  const healthPort = await freePort();
  const child = endWithOwner(
    spawn(process.execPath, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        NODE_ENV: "production",
        PATH: process.env.PATH,
        HOSTNAME: "::",
        PORT: String(port),
        HEALTH_PORT: String(healthPort),
        ...env,
      },
    }),
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return {
    url: `http://localhost:${port}`,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    process: child,
    output: () => output,
    exited: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  };
}

/** Waits until the service is ready. Throws if it exits before. */
export async function untilReady(server: Started): Promise<void> {
  while (server.process.exitCode === null) {
    const response = await fetch(`${server.healthUrl}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`the server ended: ${server.output()}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
