import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { run } from "../run.ts";
import { locatePrograms, PROGRAMS, VERSIONS } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

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

// The cache is named after the build's inputs: the first run after a change of them builds for real, later ones look.
// A person who brings their own programs is spared the five minutes.
it.runIf(process.env.CI === "true" || !process.env.KUBEBUILDER_ASSETS)(
  "the programs can be had without KUBEBUILDER_ASSETS, each in the version the project names",
  async () => {
    vi.stubEnv("KUBEBUILDER_ASSETS", "");
    const home = mkdtempSync(join(tmpdir(), "programs-"));
    try {
      const { dir } = await locatePrograms(PROGRAMS, (line) => console.log(line));
      for (const [program, { args, text }] of Object.entries(VERSION_OF)) {
        const said = await run(join(dir, program), args, { timeoutMs: 30_000, env: { HOME: home } });
        expect(said, program).toContain(text);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
  40 * 60_000,
);
