import { stopForwards } from "@taskassistant/cluster";
import { cluster, eventually, type Resource } from "./assistants.ts";
import { list, type Plural, patch, remove } from "./objects.ts";

/** What is left of a test besides assistants: its own Secrets, servers and volumes that were kept. */
const LEFTOVERS: Plural[] = [
  ...(["taskassistantrestores", "taskassistantbackups"] as const),
  ...(["deployments", "jobs", "services", "persistentvolumeclaims", "secrets", "ingresses"] as const),
];

/** Empties a namespace before and after a test, whatever an earlier run left: the node is small. */
export async function emptied(namespace: string): Promise<void> {
  stopForwards(cluster(), `forward-${namespace}-`);
  for (const { metadata } of await list("taskassistants", namespace)) {
    await patch("taskassistants", namespace, metadata.name, { spec: { deletion: { policy: "Delete" } } });
    await remove("taskassistants", namespace, metadata.name);
  }
  const names = async (plural: Plural) => (await list(plural, namespace)).map(({ metadata }) => metadata.name);
  await eventually(
    "assistants gone",
    () => names("taskassistants"),
    (left) => left.length === 0,
    180,
  );
  for (const plural of LEFTOVERS) {
    for (const name of await names(plural)) await remove(plural, namespace, name);
  }
  await eventually(
    "pods gone",
    () => names("pods"),
    (left) => left.length === 0,
    180,
  );
}

/** The resource asking for little CPU, so that several assistants fit on a node of two cores. */
export function frugal(resource: Resource): Resource {
  const resources = { requests: { cpu: "20m" } };
  const { spec } = resource;
  for (const tier of ["frontend", "api", "mcp"]) {
    spec[tier] = { ...spec[tier], resources: { ...spec[tier]?.resources, ...resources } };
  }
  if ((spec.database?.mode ?? "Managed") === "Managed") {
    spec.database = { mode: "Managed", managed: { resources, storage: { size: "1Gi" } } };
  }
  return resource;
}
