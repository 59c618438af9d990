import { eventually } from "./assistants.ts";
import { settled } from "./conditions.ts";
import { list } from "./objects.ts";

/** Component -> uids of its pods that are not on their way out. */
export type Pods = ReadonlyMap<string, ReadonlySet<string>>;

/** The pods of an assistant by component; those of Jobs are left out. */
export async function podsOf(namespace: string, name: string): Promise<Pods> {
  const pods = new Map<string, Set<string>>();
  for (const { metadata, status } of await list("pods", namespace, name)) {
    const component = metadata.labels?.["app.kubernetes.io/component"] ?? "";
    if (["migrate", "maintenance"].includes(component) || metadata.deletionTimestamp !== undefined) continue;
    if (status.phase !== "Running" && status.phase !== "Pending") continue;
    pods.set(component, (pods.get(component) ?? new Set()).add(metadata.uid));
  }
  return pods;
}

/** Components none of whose pods is one of before. */
export function replaced(before: Pods, after: Pods): string[] {
  return [...before]
    .filter(([component, uids]) => ![...(after.get(component) ?? [])].some((uid) => uids.has(uid)))
    .map(([component]) => component)
    .sort();
}

/** Components some of whose pods are gone. */
export function touched(before: Pods, after: Pods): string[] {
  return [...before]
    .filter(([component, uids]) => [...uids].some((uid) => !after.get(component)?.has(uid)))
    .map(([component]) => component)
    .sort();
}

/**
 * Components whose pods `change` replaces. Waits until at least `expected` are replaced and all is quiet again, so that
 * one that rolls along is seen as well.
 */
export async function rolledBy(
  namespace: string,
  name: string,
  expected: readonly string[],
  change: () => Promise<unknown>,
): Promise<string[]> {
  const before = await podsOf(namespace, name);
  await change();
  const isReplaced = async () => replaced(before, await podsOf(namespace, name));
  await eventually(
    `pods of ${expected} replaced`,
    isReplaced,
    (all) => expected.every((each) => all.includes(each)),
    180,
  );
  await settled(namespace, name);
  // Connections that are kept alive lead to the old pods until these are gone.
  const leaving = async () => {
    const pods = await list("pods", namespace, name);
    return pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ metadata }) => metadata.name);
  };
  await eventually("the old pods are gone", leaving, (pods) => pods.length === 0, 120);
  return touched(before, await podsOf(namespace, name));
}
