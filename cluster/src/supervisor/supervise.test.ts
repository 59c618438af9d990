import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../machine/lock.ts";
import { identityOf, isAlive } from "../machine/processes.ts";
import { run } from "../machine/run.ts";
import { probe } from "./probe.ts";
import type { ProcessSpec } from "./spec.ts";
import { type Supervised, supervise } from "./supervise.ts";

const root = mkdtempSync(join(tmpdir(), "ta-supervise-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let dir: string;
const running: Supervised[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(root, "case-"));
});
afterEach(() => {
  for (const process of running.splice(0)) process.stop();
});

function start(
  script: string,
  more: Partial<ProcessSpec> = {},
  isReady: (name: string) => boolean = () => true,
): Supervised {
  const spec: ProcessSpec = { name: "it", command: "/bin/sh", args: ["-c", script], ...more };
  const env = { PATH: process.env.PATH ?? "" };
  const supervised = supervise(spec, {
    logs: join(dir, "logs"),
    env,
    insidePrefix: ["env", "INSIDE=1"],
    isReady,
    onChange: () => undefined,
  });
  running.push(supervised);
  return supervised;
}
const log = () => readFileSync(join(dir, "logs", "it.log"), "utf8");

describe("a supervised process", () => {
  it("restarts after it ends and keeps its log", async () => {
    const it = start("echo alive; exit 3");
    await expect.poll(() => it.status().starts, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    await expect.poll(() => it.status().lastExit).toBe("exit code 3");
    await expect.poll(() => log().match(/^alive$/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(log()).toMatch(/^--- \S+ start 1: \/bin\/sh -c/m);
  });

  it("reports that it could not be started", async () => {
    const it = start("", { command: "/no/such/program" });
    await expect.poll(() => it.status().lastExit).toMatch(/could not be started.*ENOENT/);
    expect(it.status().ready).toBe(false);
  });

  it("waits for the processes and files that it needs", async () => {
    let ready = false;
    const it = start("sleep 60", { after: ["other"] }, () => ready);
    expect(it.status().starts).toBe(0);
    ready = true;
    await expect.poll(() => it.status()).toMatchObject({ starts: 1, ready: true });
  });

  it("is ready after its probe succeeds and not ready after it ends", async () => {
    const file = join(dir, "ready");
    const it = start("sleep 60", { ready: { kind: "file", path: file } });
    await expect.poll(() => it.status().starts).toBe(1);
    expect(it.status().ready).toBe(false);
    writeFileSync(file, "");
    await expect.poll(() => it.status().ready).toBe(true);
    rmSync(file);
    process.kill(it.status().pid!, "SIGKILL");
    await expect
      .poll(() => it.status(), { timeout: 10_000 })
      .toMatchObject({ ready: false, starts: 2, lastExit: "signal SIGKILL" });
  });

  it("stays stopped", async () => {
    const it = start("echo once; sleep 60");
    await expect.poll(() => it.status().ready).toBe(true);
    const identity = identityOf(it.status().pid!);
    it.stop();
    await expect.poll(() => isAlive(identity)).toBe(false);
    await expect.poll(() => it.status().lastExit).toBe("signal SIGTERM");
    expect(it.status().starts).toBe(1);
  });

  it("runs with the namespace prefix only if it belongs inside", async () => {
    start("echo inside=$INSIDE", { inside: true });
    await expect.poll(log).toContain("inside=1");
  });
});

describe("a probe", () => {
  it("accepts only a successful response", async () => {
    let status = 500;
    const server = createServer((_, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const http = { kind: "http", url: `http://127.0.0.1:${port}/` } as const;
    const tcp = { kind: "tcp", host: "127.0.0.1", port } as const;
    expect(await probe(http)).toBe(false);
    status = 204;
    expect(await probe(http)).toBe(true);
    expect(await probe(tcp)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(http)).toBe(false);
    expect(await probe(tcp)).toBe(false);
  });
});

describe("a lock", () => {
  it("admits one holder at a time and leaves no file", async () => {
    const path = join(dir, "lock");
    let inside = 0;
    const enter = () =>
      withLock(path, 5_000, async () => {
        inside++;
        expect(inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside--;
      });
    await Promise.all([enter(), enter(), enter()]);
    expect(existsSync(path)).toBe(false);
  });

  it("is lost by a holder that has ended and kept by one that runs", async () => {
    const path = join(dir, "lock");
    writeFileSync(path, JSON.stringify({ pid: process.pid, started: "1" })); // our number, another process
    expect(await withLock(path, 1_000, () => Promise.resolve("in"))).toBe("in");
    writeFileSync(path, JSON.stringify(identityOf(process.pid)));
    await expect(withLock(path, 100, () => Promise.resolve("in"))).rejects.toThrow(/is held by process/);
  });

  it("is acquired at once if its file names no holder, as after a power cut", async () => {
    const path = join(dir, "lock");
    writeFileSync(path, "");
    expect(await withLock(path, 200, () => Promise.resolve("in"))).toBe("in");
    expect(existsSync(path)).toBe(false);
  });

  it("fails if its file can't be read or is a broken link", async () => {
    // In a process of its own: one that asks without a pause listens to no timeout.
    const ask = (path: string, patienceMs: number) => {
      const call = `await withLock(${JSON.stringify(path)}, ${patienceMs}, async () => {});`;
      const script = `import { withLock } from ${JSON.stringify(join(import.meta.dirname, "../machine/lock.ts"))};\n${call}`;
      return run(process.execPath, ["--input-type=module", "-e", script], { timeoutMs: 5_000 });
    };
    const folder = join(dir, "folder");
    mkdirSync(folder);
    await expect(ask(folder, 60_000)).rejects.toThrow("EISDIR");
    const link = join(dir, "link");
    symlinkSync(join(dir, "nowhere"), link);
    await expect(ask(link, 100)).rejects.toThrow("could not be acquired");
  });

  it("reports only once that it has to wait", async () => {
    const path = join(dir, "lock");
    let said = 0;
    await Promise.all([
      withLock(path, 5_000, () => new Promise((resolve) => setTimeout(resolve, 200))),
      withLock(
        path,
        5_000,
        () => Promise.resolve(),
        () => said++,
      ),
    ]);
    expect(said).toBe(1);
  });

  it("is released when the action fails", async () => {
    const path = join(dir, "lock");
    await expect(withLock(path, 1_000, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(path)).toBe(false);
  });
});
