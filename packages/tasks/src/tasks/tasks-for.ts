import { isRecord } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { type Owned, ownedBy } from "../bind-to-user.ts";
import { projectChanges, projectReads } from "../labels/projects.ts";
import { tagChanges, tagReads } from "../labels/tags.ts";
import { type OnceOptions, once } from "../once.ts";
import { taskChanges } from "./change.ts";
import { taskReads } from "./read.ts";
import { trashChanges, trashReads } from "./trash.ts";

const READS = { ...taskReads, ...trashReads, ...projectReads, ...tagReads };
const CHANGES = { ...taskChanges, ...trashChanges, ...projectChanges, ...tagChanges };

/** One user's tasks, projects and tags: the only way to them, for every tier. */
export type Tasks = Owned<typeof READS & typeof CHANGES>;

/**
 * The tasks of the user with this id, which must come from a verified token. With `once`, a change is made once for its key:
 * a repetition gets the result of the first time.
 */
export function tasksFor(db: Pick<Database, "asUser">, userId: string, options: { once?: OnceOptions } = {}): Tasks {
  const changes = options.once === undefined ? CHANGES : once(CHANGES, options.once, changedNothing);
  return ownedBy(db, userId, { ...READS, ...changes });
}

/** A change of several tasks that found none of them. */
function changedNothing(result: unknown): boolean {
  return isRecord(result) && Array.isArray(result.tasks) && result.tasks.length === 0;
}
