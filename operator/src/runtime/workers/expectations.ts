import type { KubeObject, Resource } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import type { Key } from "../types.ts";
import { keyOf } from "../watch/cache.ts";
import { isNewer } from "../watch/versions.ts";

/** A cache fed by a watch, as far as expectations care. */
export interface ObservedSource {
  readonly resource: Resource;
  /** Whether the watch would see this object. */
  covers(object: KubeObject): boolean;
  /** Everything up to this version is in the cache; undefined before the first list. */
  resourceVersion(namespace: string): string | undefined;
  get(key: Key): KubeObject | undefined;
}

/**
 * Read your writes: after a write, the caches must have seen it before the same key is reconciled again, or the next
 * reconcile would decide on the past and create, or delete, twice.
 */
export interface Expectations {
  /** Remembers what a reconcile of `id` wrote, with the version the server gave it. */
  wrote(id: string, object: KubeObject): void;
  /** Remembers that a reconcile of `id` deleted what a cache still shows. */
  deleted(id: string, resource: Resource, key: Key): void;
  /** Whether some cache has not seen all of it yet. Gives up waiting for a write after five minutes. */
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

  function sourcesOf(group: string, kind: string): ObservedSource[] {
    return sources.filter(({ resource }) => resource.group === group && resource.kind === kind);
  }

  return {
    wrote(id, object) {
      const key = keyOf(object);
      const version = object.metadata.resourceVersion;
      for (const source of sourcesOf(groupOf(object.apiVersion), object.kind)) {
        if (!source.covers(object)) continue;
        // Versions that cannot be compared count as seen: better a needless reconcile than none for five minutes.
        expect(id, () => isNewer(version, source.resourceVersion(key.namespace)) !== true);
      }
    },
    deleted(id, resource, key) {
      for (const source of sourcesOf(resource.group, resource.kind)) {
        const uid = source.get(key)?.metadata.uid;
        if (uid === undefined) continue;
        expect(id, () => {
          const now = source.get(key);
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

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
