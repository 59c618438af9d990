import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../test/cluster/run.ts";
import { dataElsewhere } from "../dev/data-elsewhere.ts";
import { inUse } from "./in-use.ts";
import { whatWasMade } from "./made.ts";

const folder = mkdtempSync(join(tmpdir(), "ta-clean-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let root: string;
let cache: string;
let dataRoot: string;
beforeEach(() => {
  const own = mkdtempSync(join(folder, "case-"));
  [root, cache, dataRoot] = [join(own, "checkout"), join(own, "cache"), join(own, "data")];
});

function write(file: string, text = ""): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const used = () => inUse({ root, cache });
const made = (all = false) => whatWasMade({ root, cache, programs: "new", node: "node-24", all, dataRoot });

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
    const notes = (pid: number | undefined) => {
      write(join(root, ".cache/dev/supervisor.pid"), `${pid}`);
      write(join(root, ".cache/test/runner.pid"), `${pid}`);
      write(join(cache, "images/build.lock"), JSON.stringify({ pid, started: "1" }));
      write(join(cache, "forwards/kind-kind.json"), JSON.stringify({ pid, port: 3000 }));
    };
    const holder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "keep-forward"], { stdio: "ignore" });
    await once(holder, "spawn");
    notes(holder.pid);
    expect(used()).toEqual([
      "make up forwards a port to kind-kind: make down, with the variables of that make up",
      "make dev runs in this checkout: end it by Ctrl-C",
      "images are being built: let that end, or end it by Ctrl-C",
      "make test runs in this checkout: let it end, or end it by Ctrl-C",
    ]);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(used()).toEqual([]);
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

describe("what was made", () => {
  beforeEach(() => {
    const own = dataElsewhere(join(root, ".cache/dev")).split("/").at(-1) ?? "";
    const inCheckout = [
      "node_modules/a/x.js",
      "packages/db/node_modules/b/dist/x.js",
      "services/frontend/.next/x",
      ".cache/x",
    ];
    for (const path of [...inCheckout, "artefacts/x.png", "services/api/dist/x", "packages/db/src/index.ts", "dist.md"])
      write(join(root, path));
    for (const path of [
      "images/x",
      "kube/new/x",
      "kube/old/x",
      "kube/old.lock",
      "node-24/x",
      "node-22/x",
      "go/x",
      "npm-ci.lock",
    ])
      write(join(cache, path));
    write(join(dataRoot, own, "PG_VERSION"));
    write(join(dataRoot, "of-another-checkout", "PG_VERSION"));
  });
  const below = (path: string) => path.slice(dirname(cache).length + 1);

  it("goes from the checkout and the cache, but for the tools and the data of other checkouts", () => {
    const { remove, keep } = made();
    expect(remove.map(below).filter((path) => !path.startsWith("data/"))).toEqual([
      "checkout/.cache",
      "checkout/artefacts",
      "checkout/node_modules",
      "checkout/packages/db/node_modules",
      "checkout/services/api/dist",
      "checkout/services/frontend/.next",
      "cache/images",
      "cache/node-22",
      "cache/npm-ci.lock",
      "cache/kube/old",
      "cache/kube/old.lock",
    ]);
    expect(remove.filter((path) => path.startsWith(dataRoot))).toHaveLength(1);
    expect(remove).not.toContain(join(dataRoot, "of-another-checkout"));
    expect(keep.map(below)).toEqual(["cache/node-24", "cache/kube/new", "cache/go"]);
  });

  it("goes altogether with ALL=1", () => {
    const { remove, keep } = made(true);
    expect(remove).toContain(cache);
    expect(remove).toContain(dataRoot);
    expect(keep).toEqual([]);
  });
});

describe("the command", () => {
  const clean = () =>
    run(process.execPath, [join(import.meta.dirname, "main.ts"), root], {
      timeoutMs: 20_000,
      env: { TASKASSISTANT_CACHE: cache, ALL: "" },
    });

  it("removes nothing while something is in use, and says what", async () => {
    const kept = write(join(root, "artefacts/x"));
    write(join(cache, "clusters/taskassistant/state.json"));
    await expect(clean()).rejects.toThrow(
      /nothing was removed, since\n {2}.*the embedded cluster taskassistant is there: make down/s,
    );
    expect(existsSync(kept)).toBe(true);
  });

  it("removes the rest, and says that", async () => {
    const gone = write(join(root, "artefacts/x"));
    write(join(cache, "images/x"));
    const said = await clean();
    expect(said).toMatch(new RegExp(`removed +\\S+ {2}${join(root, "artefacts")}\n`));
    expect(said).toMatch(new RegExp(`removed +\\S+ {2}${join(cache, "images")}\n`));
    expect(existsSync(gone)).toBe(false);
    expect(await clean()).toContain("there was nothing to remove");
  });
});
