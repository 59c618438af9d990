import { emptiedTrashSchema, taskSchema, trashPageSchema } from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { TaskNotFoundError, tasksFor } from "@taskassistant/tasks";
import { etagOf } from "../etag.ts";
import { json, problems } from "../routing/answers.ts";
import { defineRoute } from "../routing/route.ts";
import { taskListQuerySchema } from "./tasks.ts";

const tag = "Trash";

/** `/api/{user_id}/trash`: the tasks that were deleted, until they are deleted for good. */
export const trashRoutes = {
  listTrash: defineRoute(ROUTES.listTrash, {
    tag,
    summary: "List the tasks in the trash, the newest first",
    query: taskListQuerySchema.pick({ limit: true, cursor: true }),
    answers: { 200: json("One page.", trashPageSchema), ...problems(400) },
    handle: async (c, { query }, { db }) => c.json(await tasksFor(db, c.get("claims").sub).listTrash(query)),
  }),

  emptyTrash: defineRoute(ROUTES.emptyTrash, {
    tag,
    summary: "Delete every task in the trash for good",
    answers: { 200: json("What was deleted.", emptiedTrashSchema), ...problems() },
    handle: async (c, _input, { db }) => c.json(await tasksFor(db, c.get("claims").sub).emptyTrash({ minutesKept: 0 })),
  }),

  restoreTask: defineRoute(ROUTES.restoreTask, {
    tag,
    summary: "Take a task out of the trash",
    description: "It has the same id as before. A task that is not in the trash any more is returned as it is.",
    answers: {
      200: json("The task.", taskSchema, { ETag: "The task's version, for `If-Match`." }),
      ...problems(400, 404),
    },
    handle: async (c, { params }, { db }) => {
      const { tasks } = await tasksFor(db, c.get("claims").sub).restore([params.id]);
      const [task] = tasks;
      if (task === undefined) throw new TaskNotFoundError(params.id);
      return c.json(task, 200, { etag: etagOf(task) });
    },
  }),

  purgeTask: defineRoute(ROUTES.purgeTask, {
    tag,
    summary: "Delete one task in the trash for good",
    answers: { 204: { description: "Deleted." }, ...problems(400, 404) },
    handle: async (c, { params }, { db }) => {
      if (!(await tasksFor(db, c.get("claims").sub).purge(params.id))) throw new TaskNotFoundError(params.id);
      return c.body(null, 204);
    },
  }),
};
