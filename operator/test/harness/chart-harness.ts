import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { locatePrograms } from "@taskassistant/cluster/programs";
import { parseAllDocuments } from "yaml";
import { type AnyObject, root } from "./cluster-harness.ts";

export const CHART = join(root, "charts/taskassistant-operator");

const run = promisify(execFile);

/** Runs helm and returns what it printed; rejects with its standard error when it fails. */
export async function helm(...args: string[]): Promise<string> {
  const { dir } = await locatePrograms(["helm"], () => undefined);
  const { stdout, stderr } = await run(join(dir, "helm"), args, { maxBuffer: 1e7 });
  return stdout + stderr;
}

/** The objects that a release would have, without a cluster. */
export async function render(release: { name: string; namespace: string }, ...args: string[]): Promise<AnyObject[]> {
  const { dir } = await locatePrograms(["helm"], () => undefined);
  const command = ["template", release.name, CHART, "-n", release.namespace, ...args];
  const { stdout } = await run(join(dir, "helm"), command, { maxBuffer: 1e7 });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** Those of one kind. */
export function of(objects: readonly AnyObject[], kind: string): AnyObject[] {
  return objects.filter((object) => object.kind === kind);
}
