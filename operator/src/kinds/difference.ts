import { createHash } from "node:crypto";
import type { KubeObject } from "../kube/index.ts";
import { type Child, childKind, type MergedLists } from "./child-kinds.ts";

/** Annotation with the hash of the applied object: it shows that a field was removed from the desired state. */
export const DESIRED_HASH = "taskassistant.dev/desired-hash";

/** The child with its hash, as it is sent to the API server. */
export function withDesiredHash<C extends Child>(child: C): C {
  const hash = createHash("sha256").update(JSON.stringify(child)).digest("hex").slice(0, 16);
  const annotations = { ...child.metadata.annotations, [DESIRED_HASH]: hash };
  return { ...child, metadata: { ...child.metadata, annotations } };
}

/** A field that applying would change. A value is undefined where there is none. */
export interface FieldDifference {
  /** Such as `spec.template.spec.containers[name="api"].image`: an element of a list that is merged is named by its keys. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * The path of the first field for which applying would change the live object; undefined when nothing would change. Every field
 * we set must still have our value, and the hash must be that of the last apply. Only the hash shows a field that we no longer set,
 * so it is compared last. Fields that others add are theirs.
 */
export function difference(sent: Child, live: KubeObject): string | undefined {
  if (live.metadata.deletionTimestamp !== undefined) return "metadata.deletionTimestamp";
  const [first] = differences(sent, live);
  if (first !== undefined) return first.path;
  const isSameHash = live.metadata.annotations?.[DESIRED_HASH] === sent.metadata.annotations?.[DESIRED_HASH];
  return isSameHash ? undefined : `metadata.annotations["${DESIRED_HASH}"]`;
}

/** All fields that we set and that have another value in the live object, without those that only the hash shows. */
export function differences(sent: Child, live: KubeObject): readonly FieldDifference[] {
  return differencesOf(live, sent, undefined, listsOf(sent.kind)).map(withoutDot);
}

/**
 * Every field in which an object differs after a change from what it was before, whoever set it, without the state and what the
 * API server counts.
 */
export function changesBetween(before: KubeObject, after: KubeObject): readonly FieldDifference[] {
  const [was, is] = [comparable(before), comparable(after)];
  const lists = listsOf(before.kind);
  const gone = differencesOf(is, was, undefined, lists).filter(({ from }) => from === undefined || from === null);
  return [
    ...differencesOf(was, is, undefined, lists),
    ...gone.map(({ path, to }) => ({ path, from: to, to: undefined })),
  ].map(withoutDot);
}

function comparable({ metadata, ...object }: KubeObject): unknown {
  const { managedFields: _m, resourceVersion: _r, generation: _g, annotations, ...named } = metadata;
  const { status: _s, ...rest } = object as typeof object & { status?: unknown };
  const { "deployment.kubernetes.io/revision": _revision, ...kept } = annotations ?? {};
  return { ...rest, metadata: { ...named, annotations: kept } };
}

function listsOf(kind: string): MergedLists {
  return { ...METADATA_LISTS, ...childKind(kind)?.mergedLists };
}

function withoutDot({ path, ...values }: FieldDifference): FieldDifference {
  return { path: path.replace(/^\./, ""), ...values };
}

/** How lists of the metadata merge, in all kinds. */
const METADATA_LISTS: MergedLists = { ownerReferences: ["uid"] };

const NONE: readonly FieldDifference[] = [];

/**
 * Differences below this value; the path "" is the value itself. Callers put their own step in front, so that equal values cost no
 * strings. `keys`: what the API server merges by, if the value is such a list.
 */
function differencesOf(
  live: unknown,
  wanted: unknown,
  keys: readonly string[] | undefined,
  lists: MergedLists,
): readonly FieldDifference[] {
  const whole = () => [{ path: "", from: live, to: wanted }];
  // The API server leaves out empty values.
  if (live === undefined || live === null) return isEmpty(wanted) ? NONE : whole();
  if (Array.isArray(wanted)) return Array.isArray(live) ? differencesOfLists(live, wanted, keys, lists) : whole();
  if (isRecord(wanted)) return isRecord(live) ? differencesOfRecords(live, wanted, lists) : whole();
  return live === wanted ? NONE : whole();
}

function differencesOfRecords(
  live: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  lists: MergedLists,
): readonly FieldDifference[] {
  let found = NONE;
  for (const [key, value] of Object.entries(wanted)) {
    if (key === DESIRED_HASH) continue;
    const below = differencesOf(live[key], value, lists[key], lists);
    if (below !== NONE) found = [...found, ...below.map(after(/^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `["${key}"]`))];
  }
  return found;
}

function differencesOfLists(
  live: readonly unknown[],
  wanted: readonly unknown[],
  keys: readonly string[] | undefined,
  lists: MergedLists,
): readonly FieldDifference[] {
  if (keys === undefined && live.length !== wanted.length) return [{ path: "", from: live, to: wanted }];
  let found = NONE;
  for (const [index, element] of wanted.entries()) {
    const twin = keys === undefined ? live[index] : live.find((other) => haveSameKeys(keys, other, element));
    const isNew = keys !== undefined && twin === undefined;
    const below = isNew ? [{ path: "", from: undefined, to: element }] : differencesOf(twin, element, undefined, lists);
    if (below !== NONE)
      found = [...found, ...below.map(after(`[${keys === undefined ? index : nameOf(keys, element)}]`))];
  }
  return found;
}

function after(step: string) {
  return ({ path, ...values }: FieldDifference): FieldDifference => ({ path: step + path, ...values });
}

/** An element as structured merge diff writes it, such as `name="api"`. */
function nameOf(keys: readonly string[], element: unknown): string {
  return keys.map((key) => `${key}=${JSON.stringify(isRecord(element) ? element[key] : undefined)}`).join(",");
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
