import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const frontend = fileURLToPath(new URL("..", import.meta.url));
const standalone = join(frontend, ".next/standalone/services/frontend");
const SOURCES = [
  "{app,components,lib,server,styles,scripts}/**/*.{ts,tsx,css}",
  "*.{ts,json}",
  "../../packages/*/src/**/*.ts",
];

/** Builds what the image holds, unless that is there and newer than every source. */
export async function buildFrontend(): Promise<void> {
  const built = statSync(join(standalone, ".next/script-hashes.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newest = Math.max(
    ...globSync(SOURCES, { cwd: frontend }).map((file) => statSync(join(frontend, file)).mtimeMs),
  );
  if (built > newest) return;
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  await promisify(execFile)("npm", ["run", "build"], { cwd: frontend, env });
}

export type BuiltServer = {
  url: string;
  healthUrl: string;
  process: ChildProcess;
  /** Everything written so far to both outputs. */
  output(): string;
  /** Exit code and signal. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
};

/** Starts `server.js` as the image does, on free ports. */
export async function startBuilt(env: Record<string, string>): Promise<BuiltServer> {
  const [port, exchangePort, healthPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const child = spawn(process.execPath, ["server.js"], {
    cwd: standalone,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      HOSTNAME: "127.0.0.1",
      PORT: String(port),
      EXCHANGE_PORT: String(exchangePort),
      HEALTH_PORT: String(healthPort),
      BETTER_AUTH_URL: `http://localhost:${port}`,
      ...env,
    },
  });
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

export async function untilReady(server: BuiltServer): Promise<void> {
  while (server.process.exitCode === null) {
    const response = await fetch(`${server.healthUrl}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`the server ended: ${server.output()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
