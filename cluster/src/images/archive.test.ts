import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { run } from "../machine/run.ts";
import { isStaticProgram, writeImageArchive } from "./archive.ts";
import { tar } from "./tar.ts";

const dir = mkdtempSync(join(tmpdir(), "ta-images-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function unpack(archive: Buffer | string, name: string): Promise<string> {
  const into = join(dir, name);
  mkdirSync(into);
  const file = typeof archive === "string" ? archive : join(dir, `${name}.tar`);
  if (typeof archive !== "string") writeFileSync(file, archive);
  await run("tar", ["-xpf", file, "-C", into], { timeoutMs: 10_000 });
  return into;
}

it("writes archives that tar reads", async () => {
  const content = Buffer.alloc(1500, "x");
  const into = await unpack(
    tar([
      { path: "bin", folder: true },
      { path: "bin/tool", content, mode: 0o755 },
      { path: "bin/alias", linkTo: "tool" },
      { path: "tmp", folder: true, mode: 0o1777 },
      { path: "empty", content: Buffer.alloc(0) },
    ]),
    "plain",
  );
  expect(readFileSync(join(into, "bin/tool"))).toEqual(content);
  expect(lstatSync(join(into, "bin/tool")).mode & 0o777).toBe(0o755);
  expect(readlinkSync(join(into, "bin/alias"))).toBe("tool");
  expect(lstatSync(join(into, "tmp")).mode & 0o7777).toBe(0o1777);
  expect(lstatSync(join(into, "empty")).size).toBe(0);
  expect(() => tar([{ path: "x".repeat(101), content }])).toThrow(/longer than 100 bytes/);
});

it("writes an image whose parts name each other by their digests", async () => {
  const file = join(dir, "image.tar");
  const options = {
    name: "example.org/a:1",
    files: [{ path: "f", content: Buffer.from("1") }],
    entrypoint: ["/f"],
    user: "7:7",
  };
  writeImageArchive(file, options);
  const into = await unpack(file, "image");
  const [manifest] = JSON.parse(readFileSync(join(into, "manifest.json"), "utf8")) as {
    Config: string;
    RepoTags: string[];
    Layers: string[];
  }[];
  expect(manifest?.RepoTags).toEqual(["example.org/a:1"]);
  const config = readFileSync(join(into, manifest!.Config));
  expect(manifest?.Config).toBe(`${createHash("sha256").update(config).digest("hex")}.json`);
  const parsed = JSON.parse(config.toString()) as { config: object; rootfs: { diff_ids: string[] } };
  const layer = createHash("sha256")
    .update(readFileSync(join(into, manifest!.Layers[0]!)))
    .digest("hex");
  expect(parsed.rootfs.diff_ids).toEqual([`sha256:${layer}`]);
  expect(parsed.config).toMatchObject({ Entrypoint: ["/f"], User: "7:7" });

  const before = readFileSync(file);
  writeImageArchive(file, options);
  expect(readFileSync(file).equals(before)).toBe(true);
});

it("distinguishes static programs from those that need a loader", () => {
  expect(isStaticProgram(readFileSync(process.execPath))).toBe(false);
  expect(isStaticProgram(Buffer.from("#!/bin/sh\n".padEnd(100)))).toBe(false);
});
