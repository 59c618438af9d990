import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheDir, inCache } from "../src/machine/cache.ts";
import { sha256Of } from "../src/machine/files.ts";
import { run } from "../src/machine/run.ts";
import { BUILD_MODULE, buildInputsHash, buildPrograms, OUTPUT } from "../src/programs/build.ts";
import { locatePrograms, PROGRAMS, VERSIONS } from "../src/programs/index.ts";

const log = (line: string) => console.log(line);
const minorOf = (version: string) => version.split(".").slice(0, 2).join(".");

/** What each says of itself. etcd and Helm, compiled as libraries, know no more than their minor version. */
const VERSION_OF: Record<string, { args: string[]; text: string }> = {
  etcd: { args: ["--version"], text: `etcd Version: ${minorOf(VERSIONS.etcd.slice(1))}` },
  "kube-apiserver": { args: ["--version"], text: VERSIONS.kubernetes },
  kubelet: { args: ["--version"], text: VERSIONS.kubernetes },
  kubectl: { args: ["version", "--client"], text: VERSIONS.kubernetes },
  coredns: { args: ["-version"], text: VERSIONS.coredns.slice(1) },
  helm: { args: ["version", "--short"], text: minorOf(VERSIONS.helm) },
};

async function expectVersions(dir: string): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "programs-"));
  try {
    for (const [program, { args, text }] of Object.entries(VERSION_OF)) {
      const said = await run(join(dir, program), args, { timeoutMs: 30_000, env: { HOME: home } });
      expect(said, program).toContain(text);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

it("the installed programs have the pinned versions", async () => {
  const { dir } = await locatePrograms(PROGRAMS, log);
  await expectVersions(dir);
}, 3_600_000);

/**
 * Which inputs were built for real, and to what: the build is the same to the byte everywhere. Whoever changes an input
 * builds by running this file, and records the result with `vitest run --config test/vitest.cluster.config.ts build -u`.
 */
const RECORD = join(BUILD_MODULE, "built.json");
const ARCH = "x64";
const inputs = buildInputsHash(ARCH);
const built = join(inCache("kube"), inputs);
const isBuilt = () => existsSync(join(built, OUTPUT));
const isRecorded = () => existsSync(RECORD) && JSON.parse(readFileSync(RECORD, "utf8")).inputs === inputs;

// Fifteen minutes of compiling once per change of the inputs, not once per machine.
it.runIf(process.arch === ARCH)(
  "a build from the Go module gives these programs, byte for byte as recorded",
  async ({ skip }) => {
    if (!isBuilt() && isRecorded()) skip("built for real when it was recorded, and nobody needed a build here");
    if (!isBuilt()) await buildPrograms(built, { cache: cacheDir(), log });
    await expectVersions(built);
    const sha256 = await sha256Of(join(built, OUTPUT));
    await expect(`${JSON.stringify({ inputs, arch: ARCH, sha256 }, null, 2)}\n`).toMatchFileSnapshot(RECORD);
  },
  3_600_000,
);

it("the current build inputs match the recorded build", () => {
  expect(isRecorded(), "the inputs of kube-build changed: build and record them as told above").toBe(true);
});
