import type { Catalogue } from "./catalogue.ts";
import { covers, type Schema, schemaAfter } from "./schema-range.ts";
import { isOlder, knownVersions } from "./versions.ts";

/** The way from one release to another: the next release to run, or why there is no way. */
export type Path =
  | { readonly next: string }
  /** The older release does not work on the schema of the database. */
  | { readonly refused: "downgrade" }
  /** No release in the catalogue leads from the one to the other without a moment in which pods lack their schema. */
  | { readonly refused: "noPath" };

/**
 * The next release on the way from `running` to `target`, both in the catalogue. While pods are replaced, those of both releases
 * work on the schema after the migration. So an upgrade goes straight to `target` if the running release covers its schema,
 * and otherwise to the newest release in between whose schema it covers. `schema`: that of the database.
 */
export function pathTo(
  catalogue: Catalogue,
  { running, target, schema }: { readonly running: string; readonly target: string; readonly schema: Schema },
): Path {
  const at = (version: string) => catalogue.releases[version]?.schema;
  const from = at(running);
  const to = at(target);
  if (from === undefined || to === undefined) return { refused: "noPath" };
  if (isOlder(target, running)) return covers(to, schema) ? { next: target } : { refused: "downgrade" };
  const candidates = knownVersions(catalogue).filter(
    (version) => isOlder(running, version) && !isOlder(target, version),
  );
  const next = candidates.findLast((version) => {
    const range = at(version);
    // A schema that is newer than the release stays as it is.
    if (range === undefined) return false;
    const after = range.max >= schema.version ? schemaAfter(range) : schema;
    return covers(from, after) && covers(range, after);
  });
  return next === undefined ? { refused: "noPath" } : { next };
}

/** What a schema version means, from the release that makes it; undefined when the catalogue has none. */
export function schemaOf({ releases }: Catalogue, version: number): Schema | undefined {
  const maker = Object.values(releases).find(({ schema }) => schema.max === version);
  return maker && schemaAfter(maker.schema);
}
