import type { Migration as KyselyMigration } from "kysely/migration";
import type { RoleNames } from "../roles.ts";
import { CHAIN } from "./chain.gen.ts";

/** The steps for an instance with these roles, in order. A released step is never edited. */
export function migrationsFor(roles: RoleNames): Record<string, KyselyMigration> {
  return Object.fromEntries(Object.entries(CHAIN).map(([name, step]) => [name, step({ roles })]));
}
