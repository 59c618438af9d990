import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeBusyboxImage } from "../src/images/index.ts";
import { addToStore, type ImageSet, type StoredImage } from "../src/images/store.ts";
import { type Cluster, importImages, startNode, stopCluster } from "../src/index.ts";

/** Images of a store on a real node: as soon as they are built, all at once, and only what is new. */
const dir = mkdtempSync(join(tmpdir(), "ta-import-"));
const store = join(dir, "store");
let cluster: Cluster;
let first: StoredImage;

async function stored(reference: string): Promise<StoredImage> {
  const archive = join(dir, "image.tar");
  writeBusyboxImage(archive, reference);
  return addToStore(store, archive, reference);
}
const set = (...images: StoredImage[]): ImageSet => ({ store, images });

async function runs(name: string, image: string): Promise<void> {
  const spec = { restartPolicy: "Never", containers: [{ name: "main", image, command: ["/bin/true"] }] };
  await cluster.kubectl.apply([{ apiVersion: "v1", kind: "Pod", metadata: { name }, spec }]);
  await cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", `pod/${name}`, "--timeout=60s");
}

beforeAll(async () => {
  first = await stored("example.org/first:1");
  // As from a build that ends a moment after the node began to start.
  const images = sleep(2_000).then(() => set(first));
  cluster = await startNode({ name: "images", dir, images });
});
afterAll(async () => {
  await stopCluster("images", { dir });
  rmSync(dir, { recursive: true, force: true });
});

it("a node starts while its images are still being built", async () => {
  await runs("first", first.reference);
});

it("imports only images that the node does not have", async () => {
  expect(await importImages("images", set(first), dir)).toEqual([]);
  // The same layer under another name: not a byte of it needs to be sent.
  const second = await stored("example.org/second:1");
  expect(await importImages("images", set(first, second), dir)).toEqual([second.reference]);
  await runs("second", second.reference);
});
