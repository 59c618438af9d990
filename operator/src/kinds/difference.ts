import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/index.ts";
import { CHILD_KINDS, type Child, type MergedLists } from "./child-kinds.ts";

/** Annotation with the hash of the applied object: it shows that a field was removed from the desired state. */
export const DESIRED_HASH = "taskassistant.dev/desired-hash";

/** The child with its hash, as it is sent to the API server. */
export function withDesiredHash<C extends Child>(child: C): C {
  const hash = createHash("sha256").update(JSON.stringify(child)).digest("hex").slice(0, 16);
  const annotations = { ...child.metadata.annotations, [DESIRED_HASH]: hash };
  return { ...child, metadata: { ...child.metadata, annotations } };
}

/**
 * The path of the first field for which applying would change the live object, such as
 * `spec.template.spec.containers[0].image`; undefined when nothing would change. Every field we set must still have our
 * value, and the hash must be that of the last apply. Only the hash shows a field that we no longer set, so it is compared last.
 * Fields that others add are theirs.
 */
export function difference(sent: Child, live: KubeObject): string | undefined {
  if (live.metadata.deletionTimestamp !== undefined) return "metadata.deletionTimestamp";
  const lists = { ...METADATA_LISTS, ...CHILD_KINDS[sent.kind].mergedLists };
  const inFields = differenceOf(live, sent, undefined, lists);
  if (inFields !== undefined) return inFields.replace(/^\./, "");
  const isSameHash = live.metadata.annotations?.[DESIRED_HASH] === sent.metadata.annotations?.[DESIRED_HASH];
  return isSameHash ? undefined : `metadata.annotations["${DESIRED_HASH}"]`;
}

/** How lists of the metadata merge, in all kinds. */
const METADATA_LISTS: MergedLists = { ownerReferences: ["uid"] };

/**
 * Path below this value; "" is the value itself. Callers put their own step in front, so that equal values cost no strings.
 * `keys`: what the API server merges by, if the value is such a list.
 */
function differenceOf(
  live: unknown,
  wanted: unknown,
  keys: readonly string[] | undefined,
  lists: MergedLists,
): string | undefined {
  // The API server leaves out empty values.
  if (live === undefined || live === null) return isEmpty(wanted) ? undefined : "";
  if (Array.isArray(wanted)) return Array.isArray(live) ? differenceOfLists(live, wanted, keys, lists) : "";
  if (isRecord(wanted)) return isRecord(live) ? differenceOfRecords(live, wanted, lists) : "";
  return live === wanted ? undefined : "";
}

function differenceOfRecords(
  live: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  lists: MergedLists,
): string | undefined {
  for (const [key, value] of Object.entries(wanted)) {
    if (key === DESIRED_HASH) continue;
    const below = differenceOf(live[key], value, lists[key], lists);
    if (below !== undefined) return (/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key}"]`) + below;
  }
  return undefined;
}

function differenceOfLists(
  live: readonly unknown[],
  wanted: readonly unknown[],
  keys: readonly string[] | undefined,
  lists: MergedLists,
): string | undefined {
  if (keys === undefined && live.length !== wanted.length) return "";
  for (const [index, element] of wanted.entries()) {
    const twin = keys === undefined ? live[index] : live.find((other) => haveSameKeys(keys, other, element));
    const below = keys !== undefined && twin === undefined ? "" : differenceOf(twin, element, undefined, lists);
    if (below !== undefined) return `[${index}]${below}`;
  }
  return undefined;
}

function haveSameKeys(keys: readonly string[], a: unknown, b: unknown): boolean {
  return isRecord(a) && isRecord(b) && keys.every((key) => a[key] === b[key]);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every((each) => isEmpty(each));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
