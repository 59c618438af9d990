import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import { errorText } from "@taskassistant/cluster/machine";
import { announceUse } from "../clean/users.ts";
import { stopwatch } from "../terminal/stopwatch.ts";
import { type Child, startChild } from "./child.ts";
import { claim } from "./claim.ts";
import { devDatabase } from "./database.ts";
import { choosePorts } from "./ports.ts";
import { devSecrets } from "./secrets.ts";
import { devServices, type Service } from "./services.ts";
import { watchFrontend } from "./watch.ts";

const READY_SECONDS = 90;
/** The paths that a browser requests first. */
const FIRST_PATHS = ["/", "/sign-in", "/api/me"];

/** `make dev` runs PostgreSQL and the four services on this machine until Ctrl-C, and reloads them on changes. */
async function main(): Promise<void> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const cache = join(root, ".cache/dev");
  const { say } = stopwatch(process.stdout);
  const children: Child[] = [];
  const closers: (() => Promise<void> | void)[] = [];
  let ending: Promise<never> | undefined;

  const end = (reason: string, code: number): Promise<never> => {
    ending ??= (async () => {
      say(reason);
      await Promise.allSettled(children.map((child) => child.stop()));
      for (const close of closers.reverse()) await close();
      say("stopped");
      process.exit(code);
    })();
    return ending;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end("stopping", 0));

  try {
    closers.push(await claim(join(cache, "supervisor.pid")));
    announceUse("make dev", root);
    const [ports, secrets] = await Promise.all([choosePorts(), devSecrets(join(cache, "secrets.json"))]);
    const tell = (_fields: object, message: string) => say(message);
    const log = { info: () => {}, warn: tell, error: tell };
    const database = await devDatabase({ cache, port: ports.postgres, secrets, log, env: process.env });
    closers.push(database.stop);
    say(`PostgreSQL is ready (${database.label})`);

    const services = devServices({ root, ports, secrets, database, env: process.env });
    const run = (service: Service): Promise<void> => {
      children.push(startChild({ ...service, onCrash: (message) => void end(message, 1) }));
      return untilReady(service);
    };
    // The frontend comes first, since the others need its keys and it takes longest to compile.
    const url = `http://localhost:${ports.frontend}`;
    await run(services.frontend);
    await untilReady({ name: "frontend", readyUrl: `${url}/api/auth/jwks` });
    await Promise.all(services.others.map(run));
    say(
      `ready: ${styleText(["bold", "underline"], url)}  (Ctrl-C stops everything; each page compiles when you first open it)`,
    );
    void warmAll(url);

    const frontend = children.find(({ name }) => name === "frontend");
    closers.push(
      watchFrontend(root, (file) => {
        say(`${file} changed; restarting the frontend`);
        void frontend?.restart();
      }),
    );
  } catch (error) {
    if (ending === undefined) await end(`stopping after an error: ${errorText(error)}`, 1);
  }
}

async function untilReady({ name, readyUrl }: Pick<Service, "name" | "readyUrl">): Promise<void> {
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < deadline) {
    const response = await fetch(readyUrl).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(100);
  }
  throw new Error(`${name} was not ready within ${READY_SECONDS} s; its output above shows why`);
}

/** Compiles the first pages before the browser asks for them. The browser shows the error of a page that fails. */
async function warmAll(url: string): Promise<void> {
  await Promise.allSettled(FIRST_PATHS.map((path) => warm(url + path)));
}

async function warm(url: string): Promise<void> {
  const response = await fetch(url);
  await response.body?.cancel();
}

await main();
