import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { identityOf, type ProcessIdentity, run } from "@taskassistant/cluster/machine";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { inUse } from "./in-use.ts";

const folder = mkdtempSync(join(tmpdir(), "ta-in-use-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let root: string;
let cache: string;
beforeEach(() => {
  const own = mkdtempSync(join(folder, "case-"));
  [root, cache] = [join(own, "checkout"), join(own, "cache")];
});

function write(file: string, text = ""): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process that waits until it is ended. */
async function waiting(...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", ...args], { stdio: "ignore" });
  children.push(child);
  await once(child, "spawn");
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

function useScript(what: string, root: string, cache: string): string {
  const words = [what, root, cache].map((word) => JSON.stringify(word)).join(", ");
  return `import { announceUse } from ${JSON.stringify(join(import.meta.dirname, "users.ts"))}; announceUse(${words});`;
}

/** A process that says it uses a checkout and a cache. */
async function using(...of: [what: string, root: string, cache: string]): Promise<ChildProcess> {
  const script = `${useScript(...of)} console.log("ready"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

const used = () => inUse({ root, cache });

describe("what is in use", () => {
  it("is nothing on a fresh clone", () => {
    expect(used()).toEqual([]);
  });

  it("is a cluster until it is taken down, also one that crashed", () => {
    write(join(cache, "clusters/taskassistant/state.json"));
    write(join(cache, "clusters/e2e/state.json"));
    write(join(cache, "clusters/e2e.lock"));
    expect(used()).toEqual([
      "the embedded cluster e2e is there: CLUSTER_NAME=e2e make down",
      "the embedded cluster taskassistant is there: make down",
    ]);
  });

  it("is what living processes hold, and not what dead ones left", async () => {
    const notes = (holder: ProcessIdentity) => {
      write(join(cache, "images/build.lock"), JSON.stringify(holder));
      write(join(cache, `kube/0123456789abcdef.lock`), JSON.stringify(holder));
      write(join(cache, "forwards/kind-kind.json"), JSON.stringify({ pid: holder.pid, port: 3000 }));
    };
    const holder = await waiting("keep-forward");
    const identity = identityOf(holder.pid ?? 0);
    notes(identity);
    const held = [
      "make up forwards a port to kind-kind: make down, with the variables of that make up",
      "images are being built: let that end, or end it by Ctrl-C",
      "the Kubernetes programs are being made: let that end, or end it by Ctrl-C",
    ];
    expect(used()).toEqual(held);
    notes({ ...identity, started: "1" }); // its number, another process
    expect(used()).toEqual(held.slice(0, 1));
    notes(identity);
    await end(holder);
    expect(used()).toEqual([]);
    write(join(cache, "images/build.lock"), "{}");
    write(join(cache, "users/1.json"), "{}");
    expect(used()).toEqual([]);
  });

  it("is what any checkout runs on this cache, and this checkout on any cache", async () => {
    const [other, elsewhere] = [join(folder, "other"), join(folder, "another-cache")];
    const holders = [
      await using("make dev", other, cache),
      await using("make test", root, cache),
      await using("make up", root, elsewhere),
      await using("make test", other, elsewhere),
    ];
    expect(used().sort()).toEqual([
      `make dev runs in ${other}: end it by Ctrl-C`,
      "make test runs in this checkout: let it end, or end it by Ctrl-C",
      "make up runs in this checkout: let it end, or end it by Ctrl-C",
    ]);
    await Promise.all(holders.map(end));
    // Killed: their notes are still there.
    expect(readdirSync(join(cache, "users"))).toHaveLength(2);
    expect(used()).toEqual([]);
  });

  it("is no more what has ended by itself", async () => {
    await run(process.execPath, ["--input-type=module", "-e", useScript("make test", root, cache)], {
      timeoutMs: 20_000,
    });
    expect(readdirSync(join(cache, "users"))).toEqual([]);
    expect(readdirSync(join(root, ".cache/users"))).toEqual([]);
  });

  it("is a cluster of tests in a folder of its own, when it runs programs of the cache", async () => {
    const env = { ...process.env, TASKASSISTANT_CLUSTER_DIR: join(folder, "elsewhere") };
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore", env });
    await once(holder, "spawn");
    await expect
      .poll(() => inUse({ root, cache: dirname(process.execPath) }))
      .toContain(`a cluster of tests runs in ${join(folder, "elsewhere")}: let the tests end`);
    expect(used()).toEqual([]);
    holder.kill("SIGKILL");
  });
});
