import { type Catalogue, isOlder, type Path } from "../../releases/index.ts";
import { migrationPolicy } from "../desired/index.ts";
import { timestamp } from "./record.ts";
import { type TriesHold, triesHold } from "./tries.ts";
import type { UpgradeView } from "./view.ts";
import { windowState } from "./window.ts";

/** Why an upgrade that the spec asks for does not begin. */
export type Hold =
  | { readonly kind: "downgradeRefused" | "noPath" | "suspended" }
  /** A restore is at work on the data. */
  | { readonly kind: "restore"; readonly name: string }
  | TriesHold
  /** It would change the schema, which a person wants to allow. */
  | { readonly kind: "approval"; readonly version: string }
  | { readonly kind: "window"; readonly version: string; readonly opens?: string };

/** What the rules look at: the view, and the release that would be next. */
interface Wish {
  readonly view: UpgradeView;
  readonly next: string;
}

const RULES: readonly ((wish: Wish) => Hold | undefined)[] = [suspended, restoring, tried, approval, outsideWindow];

/** The first reason that keeps the next upgrade from beginning. */
export function holdOf(view: UpgradeView, path: Path): Hold | undefined {
  if ("refused" in path) return { kind: path.refused === "downgrade" ? "downgradeRefused" : "noPath" };
  for (const rule of RULES) {
    const hold = rule({ view, next: path.next });
    if (hold !== undefined) return hold;
  }
  return undefined;
}

function suspended({ view }: Wish): Hold | undefined {
  return view.spec.suspend ? { kind: "suspended" } : undefined;
}

function restoring({ view }: Wish): Hold | undefined {
  return view.restoring === undefined ? undefined : { kind: "restore", name: view.restoring };
}

function tried({ view, next }: Wish): Hold | undefined {
  return triesHold(view, next);
}

function approval({ view, next }: Wish): Hold | undefined {
  if (migrationPolicy(view.spec) === "Automatic" || isRequested(view, next)) return undefined;
  return changesSchema(view, next) ? { kind: "approval", version: next } : undefined;
}

function outsideWindow({ view, next }: Wish): Hold | undefined {
  if (isRequested(view, next)) return undefined;
  const state = windowState(view.spec.upgrade.window, view.now);
  if (state === "open") return undefined;
  const { opens } = state;
  return { kind: "window", version: next, ...(opens === undefined ? {} : { opens: timestamp(opens) }) };
}

/** A person may name the next release, or the one that the way leads to. */
function isRequested(view: UpgradeView, next: string): boolean {
  return view.requested === next || view.requested === wishedVersion(view);
}

/** Whether the migration of a release has something to do. */
export function changesSchema({ catalogue, schema }: UpgradeView, version: string): boolean {
  return (catalogue.releases[version]?.schema.max ?? 0) > schema.version;
}

/** The release that the resource asks for. Without a version of its own it follows the operator, and never back. */
export function wishedVersion({
  spec,
  running,
  catalogue,
}: Pick<UpgradeView, "spec" | "running"> & { readonly catalogue: Pick<Catalogue, "bundled"> }): string {
  if (spec.version !== undefined) return spec.version;
  if (running === undefined) return catalogue.bundled;
  const follows = spec.upgrade.policy === "Automatic" && isOlder(running, catalogue.bundled);
  return follows ? catalogue.bundled : running;
}
