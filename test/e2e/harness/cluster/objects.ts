import { cluster } from "./assistants.ts";

/** A Kubernetes object as the API server gives it. */
export interface Live {
  kind: string;
  metadata: {
    name: string;
    uid: string;
    generation?: number;
    resourceVersion: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string }[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into objects of every kind
  [field: string]: any;
}

const GROUPS = {
  pods: "/api/v1",
  services: "/api/v1",
  secrets: "/api/v1",
  serviceaccounts: "/api/v1",
  persistentvolumeclaims: "/api/v1",
  deployments: "/apis/apps/v1",
  statefulsets: "/apis/apps/v1",
  jobs: "/apis/batch/v1",
  networkpolicies: "/apis/networking.k8s.io/v1",
  ingresses: "/apis/networking.k8s.io/v1",
  taskassistants: "/apis/taskassistant.dev/v1alpha1",
  taskassistantbackups: "/apis/taskassistant.dev/v1alpha1",
  taskassistantrestores: "/apis/taskassistant.dev/v1alpha1",
} as const;
export type Plural = keyof typeof GROUPS;

/** Kinds an assistant has as children. */
export const CHILDREN = (Object.keys(GROUPS) as Plural[]).filter(
  (plural) => plural !== "pods" && !plural.startsWith("taskassistant"),
);

const pathOf = (plural: Plural, namespace: string) => `${GROUPS[plural]}/namespaces/${namespace}/${plural}`;

/** An object, or undefined when there is none of that name. */
export async function find(plural: Plural, namespace: string, name: string): Promise<Live | undefined> {
  const reply = await cluster().api.request("GET", `${pathOf(plural, namespace)}/${name}`);
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw new Error(`GET ${plural}/${name}: ${reply.status} ${reply.body.slice(0, 300)}`);
  return JSON.parse(reply.body) as Live;
}

/** Objects of a namespace; those of one assistant when `instance` is given. */
export async function list(plural: Plural, namespace: string, instance?: string): Promise<Live[]> {
  const { items } = await cluster().api.get<{ items: Live[] }>(pathOf(plural, namespace));
  // What outlives the assistant carries a label of its own.
  const labels = ["app.kubernetes.io/instance", "taskassistant.dev/assistant"];
  return items.filter(
    ({ metadata }) => instance === undefined || labels.some((label) => metadata.labels?.[label] === instance),
  );
}

/** `plural/name` -> object of everything that carries the assistant's label, pods included. */
export async function belongings(namespace: string, instance: string): Promise<Map<string, Live>> {
  const kinds: Plural[] = [...CHILDREN, "pods"];
  const found = await Promise.all(
    kinds.map(async (plural) =>
      (await list(plural, namespace, instance)).map((each) => [`${plural}/${each.metadata.name}`, each] as const),
    ),
  );
  return new Map(found.flat());
}

/** Changes a resource by a JSON merge patch, as `kubectl patch --type merge` does. */
export async function patch(plural: Plural, namespace: string, name: string, change: object): Promise<void> {
  const path = `${pathOf(plural, namespace)}/${name}`;
  const reply = await cluster().api.request("PATCH", path, change, "application/merge-patch+json");
  if (reply.status !== 200) throw new Error(`patch ${plural}/${name}: ${reply.status} ${reply.body.slice(0, 500)}`);
}

/** Sends the DELETE and does not wait for the end. What isn't there is no error. */
export async function remove(plural: Plural, namespace: string, name: string): Promise<void> {
  const options = { propagationPolicy: "Background" };
  const reply = await cluster().api.request("DELETE", `${pathOf(plural, namespace)}/${name}`, options);
  if (reply.status >= 300 && reply.status !== 404) {
    throw new Error(`delete ${plural}/${name}: ${reply.status} ${reply.body.slice(0, 300)}`);
  }
}

/** Makes a Secret, or gives one that exists these values besides its others. */
export async function secret(namespace: string, name: string, stringData: Record<string, string>): Promise<void> {
  const object = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData };
  await cluster().api.apply(`${pathOf("secrets", namespace)}/${name}`, object);
}
