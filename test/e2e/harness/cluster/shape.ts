import { belongings } from "./objects.ts";

/**
 * What an assistant's objects say, by `plural/name`, without what differs from one assistant to the next: its name,
 * uids, addresses and drawn passwords. Two assistants with the same spec have the same shape.
 */
export async function shapeOf(namespace: string, name: string): Promise<Map<string, unknown>> {
  const shape = new Map<string, unknown>();
  for (const [id, { metadata, spec, data, type }] of await belongings(namespace, name)) {
    const [plural, objectName = ""] = id.split("/");
    if (plural === "pods") continue;
    const owners = metadata.ownerReferences?.map((owner) => `${owner.kind}/${owner.name}`);
    const keys = data === undefined ? undefined : Object.keys(data).sort();
    const text = JSON.stringify({ labels: metadata.labels, owners, keys, type, spec }, (key, value) =>
      PER_INSTANCE.has(key) ? undefined : value,
    );
    const common = (from: string) =>
      from
        .replaceAll(/-migrate-[0-9a-f]{10}/g, "-migrate-HASH")
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
        .replaceAll(/localhost:\d+/g, "localhost:PORT")
        .replaceAll(new RegExp(`\\b${name}\\b`, "g"), "NAME");
    shape.set(`${plural}/${common(objectName)}`, JSON.parse(common(text)));
  }
  return shape;
}

const PER_INSTANCE = new Set([
  "clusterIP",
  "clusterIPs",
  "volumeName",
  "taskassistant.dev/secrets-checksum",
  "taskassistant.dev/desired-hash",
]);

/** What is in one and not in the other, or looks different there. */
export function differences(one: Map<string, unknown>, other: Map<string, unknown>): string[] {
  const ids = new Set([...one.keys(), ...other.keys()]);
  const show = (shape: Map<string, unknown>, id: string) => JSON.stringify(shape.get(id)) ?? "absent";
  return [...ids]
    .filter((id) => show(one, id) !== show(other, id))
    .map((id) => `${id}\n  ${show(one, id)}\n  ${show(other, id)}`);
}
