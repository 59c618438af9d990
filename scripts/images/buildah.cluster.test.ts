import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processesWith, signal, waitGone, which } from "@taskassistant/cluster/machine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Buildah, imageFromRootfs, openBuildah } from "./buildah.ts";
import { forgetOldLayers, rememberLayers } from "./tidy.ts";

/** The project's own buildah storage, with builds of one file on a base of busybox. */
const cache = mkdtempSync(join(tmpdir(), "ta-buildah-"));
const context = join(cache, "context");
const said: string[] = [];
const open = () => openBuildah(cache, (text) => said.push(text));
let buildah: Buildah;

beforeAll(async () => {
  buildah = await open();
  const rootfs = join(cache, "rootfs");
  mkdirSync(join(rootfs, "bin"), { recursive: true });
  for (const name of ["sh", "sleep", "cp"]) await copyFile(which("busybox") ?? "", join(rootfs, "bin", name));
  await imageFromRootfs(buildah, rootfs, "localhost/base:1", ["--env", "PATH=/bin"]);
  mkdirSync(context);
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

function build(text: string, step: string): Promise<string> {
  writeFileSync(join(context, "file"), text);
  const stages = [
    "FROM localhost/base:1 AS made",
    "COPY file /file",
    `RUN ${step}`,
    "FROM scratch",
    "COPY --from=made /file /file",
  ];
  writeFileSync(join(context, "Dockerfile"), stages.join("\n"));
  return buildah(["bud", "--isolation=chroot", "--layers", "--tag", "localhost/made:1", context]);
}
const mounts = () =>
  readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter((line) => line.includes(cache));
const working = async () => (await buildah(["containers", "--all", "--quiet"])).trim();

it("a killed build leaves no mount, and the next build removes its other remains", async () => {
  const killed = build("one", "sleep 600").then(
    () => "finished",
    () => "killed",
  );
  while ((await working()) === "" || !existsSync(join(context, "file"))) await sleep(100);
  const processes = processesWith("TASKASSISTANT_IMAGES_DIR", cache);
  expect(processes.length).toBeGreaterThan(0);
  for (const process of processes) signal(process, "SIGKILL");
  expect(await waitGone(processes, 10_000)).toBe(true);
  expect(await killed).toBe("killed");
  mkdirSync(join(cache, "work-rootfs"));
  expect(mounts()).toEqual([]);
  expect(await working()).not.toBe("");

  buildah = await open();
  expect(await working()).toBe("");
  expect(existsSync(join(cache, "work-rootfs"))).toBe(false);
  expect(said).toContain("images: removing the remains of an interrupted build");
});

it("the next build ends a build process whose parent has ended", async () => {
  const orphan = build("one", "sleep 600").catch(() => "ended");
  while (processesWith("TASKASSISTANT_IMAGES_DIR", cache).length === 0) await sleep(50);
  await open();
  expect(await orphan).toBe("ended");
  expect(processesWith("TASKASSISTANT_IMAGES_DIR", cache)).toEqual([]);
});

it("images of old inputs are removed, and the cache of the latest build stays", async () => {
  const count = async () => (await buildah(["images", "--all", "--quiet"])).trim().split("\n").length;
  rememberLayers(cache, "made", await build("one", "cp /file /copy"));
  const once = await count();
  rememberLayers(cache, "made", await build("two", "cp /file /copy"));
  expect(await count()).toBeGreaterThan(once);
  await forgetOldLayers(buildah, cache, ["localhost/base:1"]);
  expect(await count()).toBe(once);
  // Every step but FROM comes from the cache: COPY, RUN, and COPY into the last stage.
  expect((await build("two", "cp /file /copy")).match(/Using cache/g)).toHaveLength(3);
});
