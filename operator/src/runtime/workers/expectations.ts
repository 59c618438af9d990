import type { KubeObject, Resource } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import { kindOf, nameOf } from "../keys.ts";
import type { ObjectName } from "../types.ts";
import { isNewer } from "../watch/versions.ts";

/** A cache fed by a watch: the part that expectations need. */
export interface ObservedSource {
  readonly resource: Resource;
  /** Whether the watch would see this object. */
  covers(object: KubeObject): boolean;
  /** Everything up to this version is in the cache; undefined before the first list. */
  resourceVersion(namespace: string): string | undefined;
  get(name: ObjectName): KubeObject | undefined;
}

/**
 * Read your writes: a key is not reconciled again before the caches have seen what its last reconcile wrote. Otherwise
 * the next reconcile would decide on old state and create, or delete, twice.
 */
export interface Expectations {
  /** Remembers what a reconcile of `id` wrote, with the version the server gave it. */
  wrote(id: string, object: KubeObject): void;
  /** Remembers that a reconcile of `id` deleted an object that a cache still holds. */
  deleted(id: string, resource: Resource, name: ObjectName): void;
  /** Whether some cache has not seen all of these writes yet. Stops waiting for a write after five minutes. */
  behind(id: string): boolean;
}

const GIVE_UP_MS = 300_000;

interface Expectation {
  readonly until: number;
  readonly met: () => boolean;
}

export function createExpectations(sources: readonly ObservedSource[], clock: Clock): Expectations {
  const pending = new Map<string, Expectation[]>();

  function expect(id: string, met: () => boolean): void {
    if (met()) return;
    pending.set(id, [...(pending.get(id) ?? []), { until: clock.now() + GIVE_UP_MS, met }]);
  }

  function sourcesOf(kind: string): ObservedSource[] {
    return sources.filter(({ resource }) => kindOf(resource) === kind);
  }

  return {
    wrote(id, object) {
      const { namespace } = nameOf(object);
      const version = object.metadata.resourceVersion;
      for (const source of sourcesOf(kindOf(object))) {
        if (!source.covers(object)) continue;
        // A version that cannot be compared counts as seen: a needless reconcile is better than none for five minutes.
        expect(id, () => isNewer(version, source.resourceVersion(namespace)) !== true);
      }
    },
    deleted(id, resource, name) {
      for (const source of sourcesOf(kindOf(resource))) {
        const uid = source.get(name)?.metadata.uid;
        if (uid === undefined) continue;
        expect(id, () => {
          const now = source.get(name);
          return now?.metadata.uid !== uid || now.metadata.deletionTimestamp !== undefined;
        });
      }
    },
    behind(id) {
      const open = (pending.get(id) ?? []).filter(({ until, met }) => clock.now() < until && !met());
      if (open.length === 0) pending.delete(id);
      else pending.set(id, open);
      return open.length > 0;
    },
  };
}
