/** The volume provisioner of a node: `node local-volumes/main.ts CLUSTER_DIR`. The supervisor restarts it after any error. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { connectApi } from "../api.ts";
import { readJson } from "../machine/files.ts";
import type { ClusterState } from "../state.ts";
import { type Claim, claimsToServe, type Volume, volumeFor, volumeName, volumesToRemove } from "./provision.ts";

type List<T> = { readonly metadata: { readonly resourceVersion: string }; readonly items: readonly T[] };

const VOLUMES = "/api/v1/persistentvolumes";
const CLAIMS = "/api/v1/persistentvolumeclaims";
/** Lists again after this time even without a change. */
const RELIST_MS = 5 * 60_000;

async function serve(dir: string): Promise<never> {
  const state = readJson<ClusterState>(join(dir, "state.json"));
  if (state === undefined) throw new Error(`${dir} contains no cluster`);
  const api = connectApi(state.server, join(dir, "pki"), "local-volumes");
  const folder = join(dir, "volumes");
  mkdirSync(folder, { recursive: true });

  while (true) {
    const [claims, volumes] = await Promise.all([api.get<List<Claim>>(CLAIMS), api.get<List<Volume>>(VOLUMES)]);

    for (const claim of claimsToServe(claims.items, volumes.items)) {
      const path = join(folder, volumeName(claim));
      mkdirSync(path, { recursive: true, mode: 0o755 });
      const reply = await api.request("POST", VOLUMES, volumeFor(claim, path));
      if (reply.status !== 201 && reply.status !== 409)
        throw new Error(`could not create the volume ${volumeName(claim)}: ${reply.status} ${reply.body}`);
      console.log(`created ${volumeName(claim)} for ${claim.metadata.namespace}/${claim.metadata.name}`);
    }
    for (const { metadata } of volumesToRemove(volumes.items)) {
      rmSync(join(folder, metadata.name), { recursive: true, force: true });
      const reply = await api.request("DELETE", `${VOLUMES}/${metadata.name}`);
      if (reply.status !== 200 && reply.status !== 404)
        throw new Error(`could not delete the volume ${metadata.name}: ${reply.status} ${reply.body}`);
      console.log(`removed ${metadata.name}`);
    }

    // Watches from the listed versions, so that no change in between is missed.
    const ended = new AbortController();
    await Promise.race([
      api.waitForChange(CLAIMS, claims.metadata.resourceVersion, RELIST_MS, ended.signal),
      api.waitForChange(VOLUMES, volumes.metadata.resourceVersion, RELIST_MS, ended.signal),
    ]);
    ended.abort();
  }
}

const [dir] = process.argv.slice(2);
if (dir === undefined) throw new Error("usage: local-volumes/main.ts CLUSTER_DIR");
await serve(dir);
