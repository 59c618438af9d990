import { type Task, type TaskPage, type TaskQuery, taskQuerySchema } from "@taskassistant/contracts";
import { PAGE_TEXT_MAX } from "@taskassistant/contracts/limits";
import type { AppTables } from "@taskassistant/db";
import { type ExpressionBuilder, type ExpressionWrapper, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { lower } from "../labels/mention.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { TaskNotFoundError } from "./errors.ts";
import { TASK_COLUMNS, taskColumns, toTask } from "./row.ts";

type Filters = ReturnType<typeof taskQuerySchema.parse>;
type TaskExpressions = ExpressionBuilder<AppTables, "app.task">;
type Condition = ExpressionWrapper<AppTables, "app.task", SqlBool>;

/** What can be read of one user's tasks. Inputs are parsed by the contracts; a wrong one is a `ZodError`. */
export const taskReads = {
  /** One task. Throws TaskNotFoundError. */
  async get(tx: Tx, userId: string, id: string): Promise<Task> {
    const row = await tx
      .selectFrom("app.task")
      .select(taskColumns(userId))
      .where("user_id", "=", userId)
      .where("id", "=", id)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (row === undefined) throw new TaskNotFoundError(id);
    return toTask(row);
  },

  /** The ids of all tasks but those in the trash: the open ones first, each part in the order of a list. */
  async ids(tx: Tx, userId: string): Promise<string[]> {
    const rows = await tx
      .selectFrom("app.task")
      .select("id")
      .where("user_id", "=", userId)
      .where("deleted_at", "is", null)
      .orderBy((eb) => eb("completed_at", "is not", null))
      .orderBy("due_order")
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    return rows.map(({ id }) => id);
  },

  /** The tasks with these ids, in this order. Those that are gone are left out. */
  async several(tx: Tx, userId: string, ids: readonly string[]): Promise<Task[]> {
    if (ids.length === 0) return [];
    const rows = await tx
      .selectFrom("app.task")
      .select(taskColumns(userId))
      .where("user_id", "=", userId)
      .where("id", "in", ids)
      .where("deleted_at", "is", null)
      .execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []).map(toTask);
  },

  /**
   * One page of tasks, ordered by due date (tasks without one last) and then by creation, and how many match in all. It ends
   * early when its texts are long. Throws InvalidCursorError.
   */
  async list(tx: Tx, userId: string, query: TaskQuery): Promise<TaskPage> {
    const filters = taskQuerySchema.parse(query);
    const after = filters.cursor === undefined ? undefined : decodeCursor(filters.cursor);
    const matching = tx
      .selectFrom("app.task")
      .select(["id", "due_order", "created_at"])
      .where("user_id", "=", userId)
      .where("deleted_at", "is", null)
      .where((eb) => eb.and(conditions(eb, userId, filters)));
    const rows = await tx
      // Materialised, so that the count and the page share one search through the texts.
      .with(
        (cte) => cte("matching").materialized(),
        () => matching,
      )
      .with("page", (db) => {
        const page = db
          .selectFrom("matching")
          .select("id")
          .orderBy("due_order")
          .orderBy("created_at")
          .orderBy("id")
          // One more than asked for tells whether there is a next page.
          .limit(filters.limit + 1);
        if (after === undefined) return page;
        return page.where(
          sql<SqlBool>`(due_order, created_at, id) > (${after.dueOrder}::date, ${after.createdAt}::timestamptz, ${after.id})`,
        );
      })
      .with("measured", (db) =>
        db
          .selectFrom("app.task")
          .select([...taskColumns(userId), "due_order", BYTES_BEFORE.as("bytes_before")])
          .where("user_id", "=", userId)
          .where("id", "in", (eb) => eb.selectFrom("page").select("id")),
      )
      .selectFrom("measured")
      .select([...TASK_COLUMNS, "due_order"])
      .select(sql<number>`(select ${COUNT} from matching)`.as("total"))
      .select(sql<number>`(select ${COUNT} from page)`.as("found"))
      .where("bytes_before", "<", PAGE_TEXT_MAX)
      .orderBy("due_order")
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    const shown = rows.slice(0, filters.limit);
    const last = (rows[0]?.found ?? 0) > shown.length ? shown.at(-1) : undefined;
    return {
      tasks: shown.map(toTask),
      total: rows[0]?.total ?? (after === undefined ? 0 : await count(tx, matching)),
      next_cursor: last ? encodeCursor({ dueOrder: last.due_order, createdAt: last.created_at, id: last.id }) : null,
    };
  },
};

/** The size of the texts of the tasks that come first in the page. */
const BYTES_BEFORE = sql<number>`coalesce(sum(octet_length(title) + coalesce(octet_length(notes), 0)) over (
  order by due_order, created_at, id rows between unbounded preceding and 1 preceding), 0)`;

const COUNT = sql<number>`count(*)::int`;

/** The total behind the last page, which has no row to carry it. */
async function count(tx: Tx, matching: SelectQueryBuilder<AppTables, "app.task", object>): Promise<number> {
  const { total } = await tx.selectFrom(matching.as("matching")).select(COUNT.as("total")).executeTakeFirstOrThrow();
  return total;
}

function conditions(eb: TaskExpressions, userId: string, filters: Filters): Condition[] {
  const found: Condition[] = [];
  if (filters.status === "open") found.push(eb("completed_at", "is", null));
  if (filters.status === "done") found.push(eb("completed_at", "is not", null));
  if (filters.priority !== undefined) found.push(eb("priority", "=", filters.priority));
  if (filters.project !== undefined) {
    const named = eb.selectFrom("app.project").select("app.project.id").where("app.project.user_id", "=", userId);
    found.push(eb("project_id", "in", named.where("name_key", "=", lower(filters.project))));
  }
  if (filters.tag !== undefined) {
    const named = eb.selectFrom("app.tag").select("app.tag.id").where("app.tag.user_id", "=", userId);
    const tagged = eb.selectFrom("app.task_tag").select("task_id").where("app.task_tag.user_id", "=", userId);
    found.push(eb("id", "in", tagged.where("tag_id", "in", named.where("name_key", "=", lower(filters.tag)))));
  }
  if (filters.due_from !== undefined) found.push(eb("due", ">=", filters.due_from));
  if (filters.due_to !== undefined) found.push(eb("due", "<=", filters.due_to));
  if (filters.completed_from !== undefined) {
    found.push(eb("completed_at", ">=", new Date(filters.completed_from)));
  }
  const text = filters.query?.trim();
  if (text) {
    const pattern = literalPattern(text);
    found.push(eb.or([eb("title", "~*", pattern), eb("notes", "~*", pattern)]));
  }
  return found;
}

/**
 * A regular expression for the text itself, whatever characters it has (PostgreSQL's manual, 9.7.3.4). PostgreSQL runs
 * it as an automaton that looks at each character once, while `ilike` and `position` go back for texts that nearly match:
 * a search for 199 "a" and a "b" among tasks full of "a" took them 200 times as long as any other.
 */
function literalPattern(text: string): string {
  return `***=${text}`;
}
