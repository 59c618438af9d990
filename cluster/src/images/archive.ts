import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeAtomically } from "../machine/files.ts";
import { which } from "../machine/packages.ts";
import { type TarEntry, tar } from "./tar.ts";

export type ImageOptions = {
  /** With registry and tag: `example.org/name:tag`. */
  readonly name: string;
  readonly files: readonly TarEntry[];
  readonly entrypoint?: readonly string[];
  /** `uid:gid`; root when absent. */
  readonly user?: string;
};

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Writes an image with one layer in the format of `docker save`. It needs no image tool. */
export function writeImageArchive(path: string, options: ImageOptions): void {
  const layer = tar(options.files);
  const layerDigest = createHash("sha256").update(layer).digest("hex");
  const config = Buffer.from(
    JSON.stringify({
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config: {
        Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        Entrypoint: options.entrypoint ?? [],
        ...(options.user === undefined ? {} : { User: options.user }),
      },
      rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
    }),
  );
  const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
  const manifest = [{ Config: configName, RepoTags: [options.name], Layers: [`${layerDigest}.tar`] }];
  const archive = tar([
    { path: configName, content: config },
    { path: `${layerDigest}.tar`, content: layer },
    { path: "manifest.json", content: Buffer.from(JSON.stringify(manifest)) },
  ]);
  writeAtomically(path, archive);
}

/** ELF (System V ABI): a program header of type PT_INTERP names the loader of a dynamically linked program. */
export function isStaticProgram(elf: Buffer): boolean {
  const PT_INTERP = 3;
  if (elf.length < 64 || elf.toString("latin1", 0, 4) !== "\x7fELF" || elf[4] !== 2) return false;
  const offset = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const count = elf.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => elf.readUInt32LE(offset + index * size)).every(
    (type) => type !== PT_INTERP,
  );
}

function staticBusybox(): Buffer {
  const path = which("busybox");
  const program = path === undefined ? undefined : readFileSync(path);
  if (program === undefined || !isStaticProgram(program)) {
    throw new Error(`found no statically linked ${path ?? "busybox"}; on Debian run: apt-get install busybox-static`);
  }
  return program;
}

/** The image of every pod's sandbox, a program that sleeps. It keeps the pod's namespaces open. */
export const SANDBOX_IMAGE = "taskassistant.dev/sandbox:1";

export function writeSandboxImage(path: string): void {
  writeImageArchive(path, {
    name: SANDBOX_IMAGE,
    files: [{ path: "sleep", content: staticBusybox(), mode: 0o755 }],
    entrypoint: ["/sleep", "2147483647"],
    user: "65535:65535",
  });
}

/** Writes a small image for tests with a shell and the usual commands. It runs as any user. */
export function writeBusyboxImage(path: string, name: string): void {
  const commands = [
    "sh",
    "cat",
    "echo",
    "httpd",
    "id",
    "ls",
    "nc",
    "nslookup",
    "sleep",
    "test",
    "touch",
    "true",
    "false",
    "wget",
  ];
  writeImageArchive(path, {
    name,
    files: [
      { path: "bin", folder: true },
      { path: "bin/busybox", content: staticBusybox(), mode: 0o755 },
      ...commands.map((command) => ({ path: `bin/${command}`, linkTo: "busybox" })),
      { path: "tmp", folder: true, mode: 0o1777 },
      { path: "etc", folder: true },
      { path: "etc/passwd", content: Buffer.from("root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n") },
    ],
  });
}
