import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@taskassistant/db/testing";
import { children } from "../../operator/src/assistants/desired/index.ts";
import { desiredInput } from "../../operator/test/fixtures/assistant-fixture.ts";
import type { Harness } from "../../services/api/test/harness/harness.ts";
import { createMemoryGroup, type MemoryGroup } from "./memory-group.ts";
import { pin, type Service, startService } from "./processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A service with the limits that the operator gives it by default. */
export interface Target extends Service {
  readonly memory: MemoryGroup;
  /** The limit of its memory, in bytes. */
  readonly limit: number;
}

type Tier = "frontend" | "api" | "mcp";

const MEBIBYTE = 1024 * 1024;

/** The container of a component, as the operator builds it when a resource says nothing about it. */
function containerOf(component: Tier) {
  const container = children(desiredInput()).servers[component]?.spec?.template.spec?.containers[0];
  const memory = String(container?.resources?.limits?.memory ?? "");
  const cpu = container?.resources?.limits?.cpu;
  const options = container?.env?.find(({ name }) => name === "NODE_OPTIONS")?.value ?? "";
  if (!/^\d+Mi$/.test(memory)) throw new Error(`the limit of ${component} is ${memory}`);
  if (cpu !== "1") throw new Error(`${component} has ${cpu} of a processor, and here it would have one core`);
  return { limit: Number.parseInt(memory, 10) * MEBIBYTE, nodeOptions: options };
}

/** Bundles a service as its image does; returns the file. */
export function bundleService(service: "api" | "mcp", folder: string): string {
  const file = join(folder, `${service}.mjs`);
  execFileSync(process.execPath, ["scripts/images/bundle.ts", `services/${service}/src/main.ts`, file], { cwd: root });
  return file;
}

/** Starts the API between the parts of the harness, with the model at this port. */
export async function startApi(h: Harness, main: string, modelPort: number, core: number): Promise<Target> {
  const env = {
    DATABASE_URL: h.database.appUrl,
    BETTER_AUTH_URL: h.issuer.issuer,
    BETTER_AUTH_JWKS_URL: h.issuer.jwksUrl,
    TOKEN_EXCHANGE_URL: h.exchange.url,
    EXCHANGE_CLIENT_SECRET: h.exchange.clientSecret,
    MCP_SERVER_URL: h.mcp.url,
    OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
    MODEL_PROVIDER: "OpenAICompatible",
    MODEL_NAME: "m",
    LOG_LEVEL: "warn",
  };
  return inGroup("api", core, (started) => startedWith([main], root, env, started));
}

/** Starts the MCP server on the harness's database. */
export async function startMcp(h: Harness, main: string, core: number): Promise<Target> {
  const env = {
    DATABASE_URL: h.database.appUrl,
    BETTER_AUTH_URL: h.issuer.issuer,
    BETTER_AUTH_JWKS_URL: h.issuer.jwksUrl,
    LOG_LEVEL: "warn",
  };
  return inGroup("mcp", core, (started) => startedWith([main], root, env, started));
}

/** Starts the built frontend; `env` names its database and its API. */
export async function startFrontend(folder: string, env: Record<string, string>, core: number): Promise<Target> {
  const exchangePort = String(await freePort());
  const hostname = { HOSTNAME: "0.0.0.0", EXCHANGE_PORT: exchangePort, LOG_LEVEL: "warn" };
  return inGroup("frontend", core, (started) => startedWith(["server.js"], folder, { ...hostname, ...env }, started));
}

type Started = { nodeOptions: string; onStart: (pid: number) => void };

async function startedWith(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  { nodeOptions, onStart }: Started,
) {
  const [port, healthPort] = await Promise.all([freePort(), freePort()]);
  return startService(args, { port, healthPort, cwd, env: { NODE_OPTIONS: nodeOptions, ...env }, onStart });
}

async function inGroup(component: Tier, core: number, start: (started: Started) => Promise<Service>): Promise<Target> {
  const { limit, nodeOptions } = containerOf(component);
  const memory = createMemoryGroup(component, limit);
  try {
    const onStart = (pid: number) => {
      memory.add(pid);
      pin(pid, core);
    };
    return { ...(await start({ nodeOptions, onStart })), memory, limit };
  } catch (error) {
    await memory.remove();
    throw error;
  }
}

/** Ends the service and removes its group. */
export async function stopTarget(target: Target): Promise<void> {
  const { process: child } = target;
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
  await target.memory.remove();
}
