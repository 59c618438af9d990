import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { endWithOwner } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "./child.ts";
import { claim } from "./claim.ts";
import { choosePorts } from "./ports.ts";
import { devSecrets } from "./secrets.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dev-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A program that records its process ID and then waits. */
async function program(name: string): Promise<{ file: string; pids(count: number): Promise<number[]> }> {
  const file = join(folder, `${name}.ts`);
  const notes = join(folder, `${name}.pids`);
  const source = `import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(notes)}, process.pid + "\\n");
setInterval(() => {}, 1000);`;
  await writeFile(file, source);
  const pids = async (count: number): Promise<number[]> => {
    for (;;) {
      const text = await readFile(notes, "utf8").catch(() => "");
      const found = text.split("\n").flatMap((line) => (line === "" ? [] : [Number(line)]));
      if (found.length >= count) return found;
      await sleep(50);
    }
  };
  return { file, pids };
}

const options = (file: string, crashes: string[] = []) => ({
  name: "test",
  colour: "cyan" as const,
  cwd: folder,
  command: [process.execPath, "--watch", file],
  env: {},
  onCrash: (message: string) => void crashes.push(message),
});

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a child of make dev", () => {
  it("is replaced on restart and ends with all its child processes on stop", async () => {
    const crashes: string[] = [];
    const { file, pids } = await program("restarted");
    const child = startChild(options(file, crashes));
    const [first] = await pids(1);
    await child.restart();
    const [, second] = await pids(2);
    expect(isAlive(first!)).toBe(false);
    await child.stop();
    await untilGone(second!);
    expect(crashes).toEqual([]);
  });

  it("does not start again when it is stopped during a restart", async () => {
    const { file, pids } = await program("stopped");
    const child = startChild(options(file));
    await pids(1);
    await Promise.all([child.restart(), child.stop()]);
    await sleep(500);
    expect(await pids(1)).toHaveLength(1);
  });

  it("reports a crash when it ends by itself", async () => {
    const crashes: string[] = [];
    const file = join(folder, "crash.ts");
    await writeFile(file, "process.exit(3);");
    startChild({ ...options(file, crashes), command: [process.execPath, file] });
    while (crashes.length === 0) await sleep(50);
    expect(crashes).toEqual(["test ended with 3"]);
  });

  it("ends after its supervisor is killed", async () => {
    const { file, pids } = await program("orphan");
    const supervisor = join(folder, "supervisor.ts");
    const childModule = fileURLToPath(new URL("child.ts", import.meta.url));
    const start = { ...options(file), onCrash: undefined };
    await writeFile(
      supervisor,
      `import { startChild } from ${JSON.stringify(childModule)};
startChild({ ...${JSON.stringify(start)}, onCrash() {} });`,
    );
    const process_ = endWithOwner(spawn(process.execPath, [supervisor], { stdio: "ignore" }));
    const [pid] = await pids(1);
    process_.kill("SIGKILL");
    await untilGone(pid!);
  });
});

describe("secrets, claim and ports of make dev", () => {
  it("creates the secrets only once", async () => {
    const file = join(folder, "kept", "secrets.json");
    const made = await devSecrets(file);
    expect(await devSecrets(file)).toEqual(made);
    expect(new Set([made.authSecret, made.exchangeClientSecret, made.passwords.auth, made.passwords.app]).size).toBe(4);
  });

  it("rejects a second supervisor and ignores the record of one that has ended", async () => {
    const file = join(folder, "supervisor.pid");
    const other = endWithOwner(spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" }));
    await writeFile(file, String(other.pid));
    await expect(claim(file)).rejects.toThrow("already running");
    other.kill("SIGKILL");
    await once(other, "exit");
    const release = await claim(file);
    expect(await readFile(file, "utf8")).toBe(String(process.pid));
    await release();
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });

  it("skips ports that are taken and chooses none twice", async () => {
    const first = await choosePorts();
    const blockers = await Promise.all(
      [first.frontend, first.api].map(async (port) => {
        const server = createServer().listen(port, "127.0.0.1");
        await once(server, "listening");
        return server;
      }),
    );
    try {
      const second = await choosePorts();
      const ports = Object.values(second);
      expect(ports).not.toContain(first.frontend);
      expect(ports).not.toContain(first.api);
      expect(new Set(ports).size).toBe(ports.length);
    } finally {
      for (const server of blockers) server.close();
    }
  });
});
