import { ensureSystemPackages } from "@taskassistant/cluster/machine";

/** Installs what a node needs from the machine before the first test, since some tests use it without starting a node. */
export default async function setup(): Promise<void> {
  await ensureSystemPackages((line) => console.log(line));
}
