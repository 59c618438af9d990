import type { Child } from "../../kinds/index.ts";
import type { TemplateRevision } from "../../releases/index.ts";

/** Turns a child as the builders write it now into the child as they wrote it before one revision. */
interface Revision {
  readonly revision: TemplateRevision;
  readonly undo: (child: Child) => Child;
}

/**
 * The changes of the builders that change pods, newest first. The builders write the newest form alone. An older release keeps
 * the form it was released with, so that a new operator replaces no pod. `releases.test.ts` holds the form of every release.
 */
const REVISIONS: readonly Revision[] = [];

/** The child as the releases of this revision have it. */
export function asOf<C extends Child>(revision: TemplateRevision, child: C): C {
  return REVISIONS.filter((each) => each.revision > revision).reduce<Child>(
    (changed, { undo }) => undo(changed),
    child,
  ) as C;
}
