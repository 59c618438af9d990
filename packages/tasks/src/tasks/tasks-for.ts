import type { Database } from "@taskassistant/db";
import { type Owned, ownedBy } from "../owned-by.ts";
import { taskChanges } from "./change.ts";
import { taskReads } from "./read.ts";

const RULES = { ...taskReads, ...taskChanges };

/** One user's tasks: the only way to tasks, for every tier. */
export type Tasks = Owned<typeof RULES>;

/** The tasks of the user with this id, which must come from a verified token. */
export function tasksFor(db: Pick<Database, "asUser">, userId: string): Tasks {
  return ownedBy(db, userId, RULES);
}
