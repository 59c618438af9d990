import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../machine/run.ts";
import { BUILD_MODULE, buildInputsHash } from "./build.ts";
import { artifacts, digestFrom, downloadPrograms, OFFICIAL_HOSTS } from "./download.ts";
import { findPrograms, type LookupDeps } from "./lookup.ts";
import { PROGRAMS, VERSIONS } from "./names.ts";

const root = mkdtempSync(join(tmpdir(), "ta-programs-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let work: string;
beforeEach(() => {
  work = mkdtempSync(join(root, "case-"));
});

function folder(name: string, programs: readonly string[]): string {
  const dir = join(work, name);
  mkdirSync(dir, { recursive: true });
  for (const program of programs) {
    writeFileSync(join(dir, program), "");
    chmodSync(join(dir, program), 0o755);
  }
  return dir;
}

describe("the lookup order", () => {
  const wanted = ["etcd", "kubectl"] as const;
  function deps(change: Partial<LookupDeps> = {}): LookupDeps & { lines: string[]; asked: string[] } {
    const lines: string[] = [];
    const asked: string[] = [];
    return {
      env: {},
      cache: join(work, "cache"),
      exclusively: (action) => action(),
      download: () => {
        asked.push("download");
        return Promise.reject(new Error("unreachable"));
      },
      build: async () => {
        asked.push("build");
        folder("cache", wanted);
      },
      log: (line) => lines.push(line),
      lines,
      asked,
      ...change,
    };
  }

  it("uses KUBEBUILDER_ASSETS first", async () => {
    const assets = folder("assets", wanted);
    folder("cache", wanted);
    expect(await findPrograms(wanted, deps({ env: { KUBEBUILDER_ASSETS: assets } }))).toEqual({
      dir: assets,
      from: "KUBEBUILDER_ASSETS",
    });
  });

  it("skips KUBEBUILDER_ASSETS with missing programs and reports them", async () => {
    const assets = folder("assets", ["etcd"]);
    const cache = folder("cache", wanted);
    const used = deps({ env: { KUBEBUILDER_ASSETS: assets } });
    expect(await findPrograms(wanted, used)).toEqual({ dir: cache, from: "cache" });
    expect(used.lines).toEqual([`programs: KUBEBUILDER_ASSETS=${assets} has no kubectl; trying the next source`]);
    expect(used.asked).toEqual([]);
  });

  it("ignores a file that is not executable", async () => {
    const cache = folder("cache", wanted);
    chmodSync(join(cache, "etcd"), 0o644);
    const used = deps();
    await findPrograms(wanted, used);
    expect(used.asked).toEqual(["download", "build"]);
  });

  it("downloads before it builds", async () => {
    const used = deps({
      download: async () => {
        folder("cache", wanted);
      },
    });
    expect((await findPrograms(wanted, used)).from).toBe("download");
    expect(used.asked).toEqual([]);
  });

  it("builds if the download fails, and reports the reason", async () => {
    const used = deps();
    expect((await findPrograms(wanted, used)).from).toBe("build");
    expect(used.lines).toEqual(["programs: could not download them (unreachable); building from source"]);
  });

  it("fails if the build fails or a program is missing afterwards", async () => {
    await expect(findPrograms(wanted, deps({ build: () => Promise.reject(new Error("no compiler")) }))).rejects.toThrow(
      "no compiler",
    );
    await expect(findPrograms(wanted, deps({ build: () => Promise.resolve() }))).rejects.toThrow(
      /created no etcd, kubectl/,
    );
  });

  it("finds what another run put into the cache while it waited", async () => {
    const used = deps({
      exclusively: (action) => {
        folder("cache", wanted);
        return action();
      },
    });
    expect((await findPrograms(wanted, used)).from).toBe("cache");
    expect(used.asked).toEqual([]);
  });
});

describe("the download", () => {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    if (path.includes("/silent/")) return; // never answers
    const found = files.get(path);
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  let base = "";
  beforeEach(async () => {
    requests.length = 0;
    files.clear();
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await publish();
  });
  afterEach(() => server.closeAllConnections());
  afterAll(() => server.close());

  const hosts = () => ({ kubernetes: `${base}/k8s`, github: `${base}/github`, helm: `${base}/helm` });
  const options = (change: object = {}) => ({
    hosts: hosts(),
    arch: "amd64",
    firstAnswerMs: 2_000,
    fileMs: 5_000,
    log: () => undefined,
    ...change,
  });

  /** Small files in the places and formats of the official builds. */
  async function publish(): Promise<void> {
    for (const artifact of artifacts("amd64", hosts())) {
      let bytes = Buffer.from(`#!/bin/sh\necho ${artifact.program}\n`);
      if (artifact.member !== undefined) {
        const member = join(work, "pack", artifact.member);
        mkdirSync(join(member, ".."), { recursive: true });
        writeFileSync(member, bytes);
        const archive = join(work, "pack.tar.gz");
        await run("tar", ["-czf", archive, "-C", join(work, "pack"), artifact.member], { timeoutMs: 10_000 });
        bytes = readFileSync(archive);
      }
      const digest = createHash("sha256").update(bytes).digest("hex");
      const file = artifact.url.slice(artifact.url.lastIndexOf("/") + 1);
      const isKubernetes = artifact.url.includes("/k8s/");
      files.set(artifact.url.slice(base.length), bytes);
      files.set(
        artifact.sums.slice(base.length),
        Buffer.from(isKubernetes ? digest : `${"0".repeat(64)}  other.txt\n${digest}  ${file}\n`),
      );
    }
  }

  it("installs every program as an executable", async () => {
    const into = join(work, "kube");
    await downloadPrograms(into, options());
    expect(readdirSync(into).sort()).toEqual([...PROGRAMS].sort());
    for (const program of PROGRAMS)
      expect(await run(join(into, program), [], { timeoutMs: 5_000 })).toBe(`${program}\n`);
  });

  it("rejects a file with a wrong digest and leaves nothing behind", async () => {
    const victim = artifacts("amd64", hosts()).find(({ program }) => program === "kubelet")!;
    files.set(victim.url.slice(base.length), Buffer.from("something else"));
    await expect(downloadPrograms(join(work, "kube"), options())).rejects.toThrow(
      /kubelet has the SHA-256 [0-9a-f]{64}, but the published one is/,
    );
    expect(readdirSync(work).filter((name) => name.startsWith("kube"))).toEqual([]);
  });

  it("downloads no large file if a host does not answer", async () => {
    const broken = { ...hosts(), helm: `${base}/silent` };
    await expect(downloadPrograms(join(work, "kube"), options({ hosts: broken, firstAnswerMs: 300 }))).rejects.toThrow(
      /aborted due to timeout/,
    );
    expect(requests.filter((path) => !/sha256|SHA256/.test(path))).toEqual([]);
  });

  it("names the file that a host does not have", async () => {
    await expect(downloadPrograms(join(work, "kube"), options({ arch: "riscv64" }))).rejects.toThrow(/answered 404/);
  });

  it("reads both formats of published sums", () => {
    const digest = "ab".repeat(32);
    expect(digestFrom(`${digest}\n`, "kubelet")).toBe(digest);
    expect(digestFrom(`${"cd".repeat(32)}  a.tgz\n${digest} *release/b.tgz\n`, "b.tgz")).toBe(digest);
    expect(() => digestFrom(`${digest}  a.tgz\n`, "b.tgz")).toThrow(/no SHA-256 of b.tgz/);
    expect(() => digestFrom("<html>", "x")).toThrow(/no SHA-256/);
  });

  it("uses the official hosts", () => {
    const urls = artifacts("arm64", OFFICIAL_HOSTS).map(({ url }) => url);
    expect(urls).toHaveLength(PROGRAMS.length);
    expect(urls).toContain(`https://dl.k8s.io/release/${VERSIONS.kubernetes}/bin/linux/arm64/kubelet`);
    expect(urls).toContain(`https://get.helm.sh/helm-${VERSIONS.helm}-linux-arm64.tar.gz`);
  });
});

describe("the build", () => {
  const module = readFileSync(join(BUILD_MODULE, "go.mod"), "utf8");

  it("compiles the same versions as the download", () => {
    const modules = {
      "k8s.io/kubernetes": VERSIONS.kubernetes,
      "go.etcd.io/etcd/server/v3": VERSIONS.etcd,
      "go.etcd.io/etcd/api/v3": VERSIONS.etcd,
      "github.com/coredns/coredns": VERSIONS.coredns,
      "sigs.k8s.io/kwok": VERSIONS.kwok,
      "helm.sh/helm/v4": VERSIONS.helm,
    };
    for (const [name, version] of Object.entries(modules))
      expect(module).toMatch(new RegExp(`^\\s*${name} ${version}( // indirect)?$`, "m"));
  });

  it("uses the matching version of every staging module of Kubernetes", () => {
    const replaced = [...module.matchAll(/^\s*(k8s\.io\/\S+) => (\S+) (\S+)$/gm)];
    expect(replaced.length).toBeGreaterThan(30);
    for (const [, name, target, version] of replaced) {
      expect(target).toBe(name);
      expect(version).toBe(VERSIONS.kubernetes.replace("v1.", "v0."));
    }
  });

  it("locks every module it names", () => {
    const sums = readFileSync(join(BUILD_MODULE, "go.sum"), "utf8");
    expect(sums).toContain(`k8s.io/kubernetes ${VERSIONS.kubernetes} h1:`);
    expect(sums).toContain(`helm.sh/helm/v4 ${VERSIONS.helm} h1:`);
  });

  it("is named by the hash of its inputs", () => {
    expect(buildInputsHash()).toMatch(/^[0-9a-f]{16}$/);
    expect(buildInputsHash()).toBe(buildInputsHash());
  });
});
