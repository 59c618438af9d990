import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { identityOf, type ProcessIdentity, run } from "@taskassistant/cluster/machine";
import { endWithOwner } from "@taskassistant/kit/testing";
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

/** A process that runs until it is killed. */
async function waiting(...args: string[]): Promise<ChildProcess> {
  const child = endWithOwner(
    spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", ...args], { stdio: "ignore" }),
  );
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

/** A process that announces that it uses a checkout and a cache. */
async function using(...of: [what: string, root: string, cache: string]): Promise<ChildProcess> {
  const script = `${useScript(...of)} console.log("ready"); setInterval(() => {}, 1000);`;
  const child = endWithOwner(
    spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

const used = () => inUse({ root, cache });

describe("inUse", () => {
  it("reports nothing on a fresh clone", () => {
    expect(used()).toEqual([]);
  });

  it("reports a cluster until it is removed, even if it crashed", () => {
    write(join(cache, "clusters/taskassistant/state.json"));
    write(join(cache, "clusters/e2e/state.json"));
    write(join(cache, "clusters/e2e.lock"));
    expect(used()).toEqual([
      "the embedded cluster e2e still exists; remove it with: CLUSTER_NAME=e2e make down",
      "the embedded cluster taskassistant still exists; remove it with: make down",
    ]);
  });

  it("reports locks of running processes and ignores those of ended ones", async () => {
    const notes = (holder: ProcessIdentity) => {
      write(join(cache, "images/build.lock"), JSON.stringify(holder));
      write(join(cache, `kube/0123456789abcdef.lock`), JSON.stringify(holder));
      write(join(cache, "forwards/kind-kind.json"), JSON.stringify({ pid: holder.pid, port: 3000 }));
    };
    const holder = await waiting("keep-forward");
    const identity = identityOf(holder.pid ?? 0);
    notes(identity);
    const held = [
      "make up forwards a port to kind-kind; stop it with make down and the variables of that make up",
      "an image build is running; wait until it ends or stop it with Ctrl-C",
      "the Kubernetes programs are being installed; wait until that ends or stop it with Ctrl-C",
    ];
    expect(used()).toEqual(held);
    notes({ ...identity, started: "1" }); // the same number, but another process
    expect(used()).toEqual(held.slice(0, 1));
    notes(identity);
    await end(holder);
    expect(used()).toEqual([]);
    write(join(cache, "images/build.lock"), "{}");
    write(join(cache, "users/1.json"), "{}");
    expect(used()).toEqual([]);
  });

  it("reports what any checkout runs on this cache and what this checkout runs on any cache", async () => {
    const [other, elsewhere] = [join(folder, "other"), join(folder, "another-cache")];
    const holders = [
      await using("make dev", other, cache),
      await using("make test", root, cache),
      await using("make up", root, elsewhere),
      await using("make test", other, elsewhere),
    ];
    expect(used().sort()).toEqual([
      `make dev is running in ${other}; stop it with Ctrl-C`,
      "make test is running in this checkout; wait until it ends or stop it with Ctrl-C",
      "make up is running in this checkout; wait until it ends or stop it with Ctrl-C",
    ]);
    await Promise.all(holders.map(end));
    // They were killed, so their notes still exist.
    expect(readdirSync(join(cache, "users"))).toHaveLength(2);
    expect(used()).toEqual([]);
  });

  it("does not report a process that has ended by itself", async () => {
    await run(process.execPath, ["--input-type=module", "-e", useScript("make test", root, cache)], {
      timeoutMs: 20_000,
    });
    expect(readdirSync(join(cache, "users"))).toEqual([]);
    expect(readdirSync(join(root, ".cache/users"))).toEqual([]);
  });

  it("reports a test cluster in another folder if it runs programs of the cache", async () => {
    const env = { ...process.env, TASKASSISTANT_CLUSTER_DIR: join(folder, "elsewhere") };
    const holder = endWithOwner(
      spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore", env }),
    );
    await once(holder, "spawn");
    await expect
      .poll(() => inUse({ root, cache: dirname(process.execPath) }))
      .toContain(`a test cluster is running in ${join(folder, "elsewhere")}; wait until the tests end`);
    expect(used()).toEqual([]);
    holder.kill("SIGKILL");
  });
});
