import {
  type NewLabel,
  newLabelSchema,
  type Project,
  type ProjectList,
  type ProjectPatch,
  projectPatchSchema,
} from "@taskassistant/contracts";
import type { AppTables } from "@taskassistant/db";
import { type ExpressionBuilder, sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { newId } from "../id.ts";
import { LabelNotFoundError, LabelTakenError, withTakenError } from "./errors.ts";
import { lockLabels } from "./lock.ts";

const columns = (userId: string) =>
  [
    "id",
    "name",
    "color",
    "archived",
    "created_at",
    (eb: ExpressionBuilder<AppTables, "app.project">) => {
      const open = eb
        .selectFrom("app.task")
        .select(sql`count(*)::int`.as("open"))
        .where("app.task.user_id", "=", userId)
        .whereRef("app.task.project_id", "=", "app.project.id")
        .where("deleted_at", "is", null)
        .where("completed_at", "is", null);
      return sql<number>`${open}`.as("open");
    },
  ] as const;

/** What can be read of one user's projects. */
export const projectReads = {
  /** All of them, by name, the archived ones among them. */
  async listProjects(tx: Tx, userId: string): Promise<ProjectList> {
    const rows = await tx
      .selectFrom("app.project")
      .select(columns(userId))
      .where("user_id", "=", userId)
      .orderBy("name_key")
      .execute();
    return { projects: rows.map(toProject) };
  },
};

/** The changes of one user's projects. Inputs are parsed by the contracts; a wrong one is a `ZodError`. */
export const projectChanges = {
  /** Throws LabelTakenError. */
  async addProject(tx: Tx, userId: string, project: NewLabel): Promise<Project> {
    const fields = newLabelSchema.parse(project);
    await lockLabels(tx, userId);
    const row = await tx
      .insertInto("app.project")
      .values({ user_id: userId, id: newId("p"), ...fields })
      .onConflict((conflict) => conflict.columns(["user_id", "name_key"]).doNothing())
      .returning(columns(userId))
      .executeTakeFirst();
    if (row === undefined) throw new LabelTakenError("project", fields.name);
    return toProject(row);
  },

  /** Throws LabelNotFoundError and LabelTakenError. */
  async updateProject(tx: Tx, userId: string, id: string, patch: ProjectPatch): Promise<Project> {
    const fields = projectPatchSchema.parse(patch);
    await lockLabels(tx, userId);
    const update = tx
      .updateTable("app.project")
      .set(fields)
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .returning(columns(userId))
      .executeTakeFirst();
    const row = await withTakenError("project", fields.name ?? "", update);
    if (row === undefined) throw new LabelNotFoundError("project", id);
    return toProject(row);
  },

  /** Deletes the project; its tasks stay, in no project. Throws LabelNotFoundError. */
  async deleteProject(tx: Tx, userId: string, id: string): Promise<void> {
    await lockLabels(tx, userId);
    await tx
      .updateTable("app.task")
      .set({ project_id: null, version: sql<number>`version + 1`, updated_at: sql<Date>`now()` })
      .where("user_id", "=", userId)
      .where("project_id", "=", id)
      .execute();
    const { numDeletedRows } = await tx
      .deleteFrom("app.project")
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw new LabelNotFoundError("project", id);
  },
};

function toProject({ created_at, ...row }: Omit<Project, "created_at"> & { created_at: Date }): Project {
  return { ...row, created_at: created_at.toISOString() };
}
