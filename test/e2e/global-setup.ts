import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openCluster, startNode, stopCluster } from "@taskassistant/cluster";
import { inCache } from "@taskassistant/cluster/machine";
import type { TestProject } from "vitest/node";
import { type BuiltImage, buildImages } from "../../scripts/images/build.ts";
import { TARGETS } from "../../scripts/images/catalogue.ts";
import { stopwatch } from "../../scripts/terminal/stopwatch.ts";
import { openAccess } from "../../scripts/up/access.ts";
import { installOperator } from "../../scripts/up/deploy.ts";
import { referencesOf } from "../../scripts/up/load-images.ts";
import { ensureChromium } from "./harness/browser/browser.ts";
import { CLUSTER, NAMESPACES } from "./harness/cluster/assistants.ts";
import { testCatalogue } from "./harness/cluster/releases.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Full references of the images under test, by name. */
    images: Record<string, string>;
  }
}

/**
 * Builds the images, brings up a node of its own beside whatever `make up` runs, and installs the chart on it.
 * With `E2E_KEEP=1` the node stays for the next run, which then starts in seconds. `E2E_AS_IS=1` takes such a node with the
 * operator and the images it has, whatever has changed since: for working on the tests themselves.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = resolve(import.meta.dirname, "../..");
  const watch = stopwatch();
  const keep = process.env.E2E_KEEP === "1";
  await ensureChromium(watch.say);
  if (process.env.E2E_AS_IS === "1") {
    openCluster(CLUSTER);
    const built = JSON.parse(await readFile(join(inCache("images"), "images.json"), "utf8")) as BuiltImage[];
    project.provide("images", Object.fromEntries(built.map(({ name, reference }) => [name, reference])));
    return () => Promise.resolve();
  }
  // What an earlier run left behind, a killed one say, would be found again with all that lived on it.
  if (!keep) await stopCluster(CLUSTER);
  const building = buildImages({
    root,
    cacheDir: inCache("images"),
    names: [...TARGETS, "postgres"],
    say: watch.say,
  });
  const [built, cluster] = await Promise.all([
    building,
    startNode({ name: CLUSTER, detached: keep, images: building, log: watch.say }),
  ]);
  watch.say("the node is there, with the images");
  const references = referencesOf(built);
  const access = await openAccess({ kind: "embedded", name: CLUSTER }, watch.say);
  await installOperator(access, root, references, Object.values(NAMESPACES), testCatalogue(references));
  watch.say("the operator runs");
  project.provide("images", Object.fromEntries(references));
  return () => (keep ? Promise.resolve() : cluster.stop());
}
