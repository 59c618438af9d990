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

const VERBS: { readonly [W in ChildKind["written"]]: readonly string[] } = {
  applied: ["get", "list", "watch", "create", "patch", "delete"],
  once: ["get", "list", "watch", "create", "delete"],
};

const WHY: { readonly [W in ChildKind["written"]]: string | undefined } = {
  applied: undefined,
  once: "Kept in memory without values; read for the address of an external database; created once; deleted only with the data.",
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
      verbs: VERBS[first.written],
      ...(why === undefined ? {} : { why }),
    };
  });
}
