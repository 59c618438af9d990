import { CHILD_KINDS, type ChildKind, childKinds } from "./child-kinds.ts";

/** One rule of a Role. */
export interface PermissionRule {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** The names of the only objects that the rule covers. */
  readonly names?: readonly string[];
  /** Why the operator needs it, where the rule does not say so by itself. */
  readonly why?: string;
}

/** Of what is created once, only the labels are patched. */
const VERBS = ["get", "list", "watch", "create", "patch", "delete"];

const WHY: { readonly [W in ChildKind["written"]]: string | undefined } = {
  applied: undefined,
  once: "Kept in memory without values; read for the address of an external database; created once; patched only in their labels; deleted only with the data.",
};

/** What the operator needs to do with children, one rule for each API group and way of writing. */
export function childPermissions(): PermissionRule[] {
  const grouped = Map.groupBy(
    childKinds().map((kind): ChildKind => CHILD_KINDS[kind]),
    ({ resource, written }) => `${resource.group} ${written}`,
  );
  return [...grouped.values()].flatMap((kinds) => {
    const [first] = kinds;
    if (first === undefined) return [];
    const why = WHY[first.written];
    return {
      apiGroup: first.resource.group,
      resources: kinds.map(({ resource }) => resource.plural),
      verbs: VERBS,
      ...(why === undefined ? {} : { why }),
    };
  });
}
