import { newTaskSchema, taskPageSchema, taskPatchSchema, taskQuerySchema, taskSchema } from "@taskassistant/contracts";
import { PAGE_DEFAULT, PAGE_MAX } from "@taskassistant/contracts/limits";
import { ROUTES } from "@taskassistant/contracts/routes";
import { TaskNotFoundError, tasksFor } from "@taskassistant/tasks";
import { z } from "zod";
import { contentTag, etagOf, expectedVersion, noneMatch } from "../etag.ts";
import { json, problems } from "../routing/answers.ts";
import { versionConflictSchema } from "../routing/named-schemas.ts";
import { defineRoute } from "../routing/route.ts";

const ETAG = { ETag: "The task's version, for `If-Match`." };
const tag = "Tasks";

/** Query strings carry only text, so the numbers are read from it. */
export const taskListQuerySchema = taskQuerySchema.extend({
  priority: z.coerce.number().int().min(1).max(4).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
});

/** `/api/{user_id}/tasks`: thin adapters over the task domain. */
export const taskRoutes = {
  listTasks: defineRoute(ROUTES.listTasks, {
    tag,
    summary: "List tasks, by due date and then by creation",
    query: taskListQuerySchema,
    headers: { "If-None-Match": "The ETag of the page as you know it; 304 while it is the same." },
    answers: {
      200: json("One page.", taskPageSchema, { ETag: "Changes with the page, for `If-None-Match`." }),
      304: { description: "The page is as you know it." },
      ...problems(400),
    },
    handle: async (c, { query }, { db, respondJson }) => {
      const { sub } = c.get("claims");
      const page = await tasksFor(db, sub).list(query);
      const etag = contentTag(page);
      if (noneMatch(c.req.header("if-none-match"), etag)) return c.body(null, 304, { etag });
      return respondJson(sub, page, { etag });
    },
  }),

  createTask: defineRoute(ROUTES.createTask, {
    tag,
    summary: "Create a task",
    body: newTaskSchema,
    answers: {
      201: json("Created.", taskSchema, { ...ETAG, Location: "The task's path." }),
      ...problems(400, 409, 413, 415),
    },
    handle: async (c, { body }, { db }) => {
      const task = await tasksFor(db, c.get("claims").sub).add(body);
      return c.json(task, 201, { etag: etagOf(task), location: `${new URL(c.req.url).pathname}/${task.id}` });
    },
  }),

  getTask: defineRoute(ROUTES.getTask, {
    tag,
    summary: "Get a task",
    answers: { 200: json("The task.", taskSchema, ETAG), ...problems(400, 404) },
    handle: async (c, { params }, { db }) => {
      const task = await tasksFor(db, c.get("claims").sub).get(params.id);
      return c.json(task, 200, { etag: etagOf(task) });
    },
  }),

  updateTask: defineRoute(ROUTES.updateTask, {
    tag,
    summary: "Change a task by a JSON merge patch (RFC 7396)",
    headers: { "If-Match": "The ETag of the task as you know it; 412 when it was changed since." },
    body: taskPatchSchema,
    answers: {
      200: json("The task as it is now.", taskSchema, ETAG),
      412: {
        description: "Changed since that version; `current` is the task as it is now.",
        content: { "application/problem+json": versionConflictSchema },
        headers: ETAG,
      },
      ...problems(400, 404, 409, 413, 415),
    },
    handle: async (c, { params, body }, { db }) => {
      const options = { expectedVersion: expectedVersion(c.req.header("if-match")) };
      const task = await tasksFor(db, c.get("claims").sub).update(params.id, body, options);
      return c.json(task, 200, { etag: etagOf(task) });
    },
  }),

  deleteTask: defineRoute(ROUTES.deleteTask, {
    tag,
    summary: "Move a task to the trash",
    answers: { 204: { description: "Moved." }, ...problems(400, 404) },
    handle: async (c, { params }, { db }) => {
      const { tasks } = await tasksFor(db, c.get("claims").sub).delete([params.id]);
      if (tasks.length === 0) throw new TaskNotFoundError(params.id);
      return c.body(null, 204);
    },
  }),
};
