import type { Migration as KyselyMigration } from "kysely/migration";
import type { RoleNames } from "../roles.ts";
import { auth } from "./0001-auth.ts";
import { instance } from "./0002-instance.ts";
import { tasks } from "./0003-tasks.ts";
import { conversations } from "./0004-conversations.ts";
import { audit } from "./0005-audit.ts";
import type { Migration } from "./migration.ts";

/** Every step, in order. A released step is never edited; the number in its name is the schema version it makes. */
const CHAIN: Record<string, Migration> = {
  "0001-auth": auth,
  "0002-instance": instance,
  "0003-tasks": tasks,
  "0004-conversations": conversations,
  "0005-audit": audit,
};

/** The steps for an instance with these roles. */
export function migrationsFor(roles: RoleNames): Record<string, KyselyMigration> {
  return Object.fromEntries(Object.entries(CHAIN).map(([name, step]) => [name, step({ roles })]));
}
