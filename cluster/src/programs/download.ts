import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../machine/run.ts";
import { type Program, VERSIONS } from "./names.ts";

/** The hosts where the projects publish their builds. A mirror or a test server uses the same paths. */
export type DownloadHosts = { readonly kubernetes: string; readonly github: string; readonly helm: string };

export const OFFICIAL_HOSTS: DownloadHosts = {
  kubernetes: "https://dl.k8s.io",
  github: "https://github.com",
  helm: "https://get.helm.sh",
};

export type Artifact = {
  readonly program: Program;
  readonly url: string;
  /** URL of the SHA-256, either the bare digest or lines of `digest  name`. */
  readonly sums: string;
  /** Path of the program inside the archive. Without it the file is the program itself. */
  readonly member?: string;
};

/** The official builds for one Linux architecture (`amd64` or `arm64`). */
export function artifacts(arch: string, hosts: DownloadHosts): Artifact[] {
  const kubernetes = (
    ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"] as const
  ).map((program): Artifact => {
    const url = `${hosts.kubernetes}/release/${VERSIONS.kubernetes}/bin/linux/${arch}/${program}`;
    return { program, url, sums: `${url}.sha256` };
  });
  const release = (repository: string, version: string) => `${hosts.github}/${repository}/releases/download/${version}`;
  const etcd = release("etcd-io/etcd", VERSIONS.etcd);
  const etcdFolder = `etcd-${VERSIONS.etcd}-linux-${arch}`;
  const coredns = `${release("coredns/coredns", VERSIONS.coredns)}/coredns_${VERSIONS.coredns.slice(1)}_linux_${arch}.tgz`;
  const kwok = `${release("kubernetes-sigs/kwok", VERSIONS.kwok)}/kwok-linux-${arch}`;
  const helm = `${hosts.helm}/helm-${VERSIONS.helm}-linux-${arch}.tar.gz`;
  return [
    ...kubernetes,
    { program: "etcd", url: `${etcd}/${etcdFolder}.tar.gz`, sums: `${etcd}/SHA256SUMS`, member: `${etcdFolder}/etcd` },
    { program: "coredns", url: coredns, sums: `${coredns}.sha256`, member: "coredns" },
    { program: "kwok", url: kwok, sums: `${kwok}.sha256` },
    { program: "helm", url: helm, sums: `${helm}.sha256sum`, member: `linux-${arch}/helm` },
  ];
}

export type DownloadOptions = {
  readonly hosts: DownloadHosts;
  readonly arch: string;
  /** How long the first response may take. Short, so that a machine without internet access fails quickly. */
  readonly firstAnswerMs: number;
  /** How long one whole file may take. */
  readonly fileMs: number;
  readonly log: (line: string) => void;
};

async function fetchBytes(url: string, timeoutMs: number): Promise<Buffer> {
  const host = new URL(url).host;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`${host}: ${basename(new URL(url).pathname)}: ${cause}`);
  }
}

/** Attempts per file. A failed download leads to a build that takes 15 minutes. */
const TRIES = 3;

/** Downloads a file and retries after a pause. @throws with the error of the last attempt */
export async function fetchFile(url: string, timeoutMs: number, pauseMs = 2_000): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchBytes(url, timeoutMs);
    } catch (error) {
      if (attempt === TRIES) throw error;
      await sleep(pauseMs);
    }
  }
}

/** The digest of `file` in a list of published sums. @throws if it is not listed */
export function digestFrom(sums: string, file: string): string {
  const lines = sums
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const found =
    lines.length === 1 && lines[0]?.length === 1
      ? lines[0]
      : lines.find((words) => basename(words[1]?.replace(/^\*/, "") ?? "") === file);
  const digest = found?.[0]?.toLowerCase() ?? "";
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`no SHA-256 of ${file} in the published list`);
  return digest;
}

/**
 * Downloads all programs into `into`, checks each against its published SHA-256, and puts the folder in place only when
 * it is complete. @throws within `firstAnswerMs` if a host can't be reached
 */
export async function downloadPrograms(into: string, options: DownloadOptions): Promise<void> {
  const list = artifacts(options.arch, options.hosts);
  // The small sums files come first. They show whether every host answers before a large file is downloaded.
  const sums = await Promise.all(list.map((artifact) => fetchBytes(artifact.sums, options.firstAnswerMs)));
  options.log(
    `programs: downloading ${list.length} official builds (Kubernetes ${VERSIONS.kubernetes}, about 350 MB, once)`,
  );
  const started = Date.now();
  mkdirSync(dirname(into), { recursive: true });
  const work = mkdtempSync(`${into}.download-`);
  try {
    for (const [index, artifact] of list.entries()) {
      const file = basename(new URL(artifact.url).pathname);
      const wanted = digestFrom(String(sums[index]), file);
      const bytes = await fetchFile(artifact.url, options.fileMs);
      const digest = createHash("sha256").update(bytes).digest("hex");
      if (digest !== wanted)
        throw new Error(`${artifact.url} has the SHA-256 ${digest}, but the published one is ${wanted}`);
      await place(work, artifact, bytes);
      options.log(`programs: downloaded ${artifact.program} (${Math.round(bytes.length / 1e6)} MB)`);
    }
    rmSync(join(work, "archive"), { recursive: true, force: true });
    rmSync(into, { recursive: true, force: true });
    renameSync(work, into);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  options.log(`programs: finished the download in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function place(work: string, artifact: Artifact, bytes: Buffer): Promise<void> {
  const target = join(work, artifact.program);
  if (artifact.member === undefined) {
    writeFileSync(target, bytes);
  } else {
    const folder = join(work, "archive");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "file.tar.gz"), bytes);
    await run("tar", ["-xzf", join(folder, "file.tar.gz"), "-C", folder, artifact.member], { timeoutMs: 60_000 });
    copyFileSync(join(folder, artifact.member), target);
  }
  chmodSync(target, 0o755);
}
