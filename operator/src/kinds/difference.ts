import { createHash } from "node:crypto";
import type { LiveObject } from "../assistants/observe/snapshot.ts";
import type { Child } from "../kube/objects.ts";

/** Annotation with the hash of what was applied: tells at once when something was taken out of the desired state. */
export const DESIRED_HASH = "taskassistant.dev/desired-hash";

/** The child with its hash, as it is sent. */
export function withDesiredHash(child: Child): Child {
  const hash = createHash("sha256").update(JSON.stringify(child)).digest("hex").slice(0, 16);
  const annotations = { ...child.metadata.annotations, [DESIRED_HASH]: hash };
  return { ...child, metadata: { ...child.metadata, annotations } };
}

/**
 * Whether applying would change nothing: the hash is that of the last apply (nothing was removed since), and every
 * field we set still has our value in the live object. What others add beside it is theirs.
 */
export function isConverged(sent: Child, live: LiveObject | undefined): boolean {
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return false;
  const { status: _, ...rest } = live;
  return contains(rest, sent, "");
}

/** Lists that the API server merges by a key, by the name of the field; all others are replaced as a whole. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  imagePullSecrets: ["name"],
  ownerReferences: ["uid"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
};

/** Ports have different keys in containers, Services and network policies (where the list is replaced). */
function listKeys(field: string, element: unknown): readonly string[] | undefined {
  if (field !== "ports" || !isRecord(element)) return LIST_KEYS[field];
  if ("containerPort" in element) return ["containerPort", "protocol"];
  return "targetPort" in element ? ["port", "protocol"] : undefined;
}

function contains(live: unknown, wanted: unknown, field: string): boolean {
  // The server leaves out what is empty.
  if (live === undefined || live === null) return isEmpty(wanted);
  if (Array.isArray(wanted)) return Array.isArray(live) && containsList(live, wanted, field);
  if (isRecord(wanted)) {
    return isRecord(live) && Object.entries(wanted).every(([key, value]) => contains(live[key], value, key));
  }
  return live === wanted;
}

function containsList(live: readonly unknown[], wanted: readonly unknown[], field: string): boolean {
  const keys = listKeys(field, wanted[0]);
  if (keys === undefined) {
    return live.length === wanted.length && wanted.every((element, index) => contains(live[index], element, ""));
  }
  return wanted.every((element) => {
    const twin = live.find((other) =>
      keys.every((key) => isRecord(other) && isRecord(element) && other[key] === element[key]),
    );
    return twin !== undefined && contains(twin, element, "");
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every((each) => isEmpty(each));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
