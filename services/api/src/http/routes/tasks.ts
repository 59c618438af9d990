import { newTaskSchema, taskPageSchema, taskPatchSchema, taskSchema } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { TaskNotFoundError, tasksFor } from "@taskassistant/tasks";
import type { Hono } from "hono";
import type { ApiEnv } from "../context.ts";
import { contentTag, etagOf, expectedVersion, noneMatch } from "../etag.ts";
import { defineRoute, serve } from "../routing/route.ts";
import {
  json,
  problems,
  taskListQuerySchema,
  taskPathSchema,
  userPathSchema,
  versionConflictSchema,
} from "../routing/schemas.ts";

const ETAG = { ETag: "The task's version, for `If-Match`." };
const IF_MATCH = { "If-Match": "The ETag of the task as you know it; 412 when it was changed since." };
const tag = "Tasks";

const list = defineRoute({
  method: "get",
  path: "/api/{user_id}/tasks",
  tag,
  summary: "List tasks, by due date and then by creation",
  params: userPathSchema,
  query: taskListQuerySchema,
  headers: { "If-None-Match": "The ETag of the page as you know it; 304 while it is the same." },
  answers: {
    200: json("One page.", taskPageSchema, { ETag: "Changes with the page, for `If-None-Match`." }),
    304: { description: "The page is as you know it." },
    ...problems(400),
  },
});

const create = defineRoute({
  method: "post",
  path: "/api/{user_id}/tasks",
  tag,
  summary: "Create a task",
  params: userPathSchema,
  body: newTaskSchema,
  answers: {
    201: json("Created.", taskSchema, { ...ETAG, Location: "The task's path." }),
    ...problems(400, 413, 415),
  },
});

const get = defineRoute({
  method: "get",
  path: "/api/{user_id}/tasks/{id}",
  tag,
  summary: "Get a task",
  params: taskPathSchema,
  answers: { 200: json("The task.", taskSchema, ETAG), ...problems(400, 404) },
});

const update = defineRoute({
  method: "patch",
  path: "/api/{user_id}/tasks/{id}",
  tag,
  summary: "Change a task by a JSON merge patch (RFC 7396)",
  params: taskPathSchema,
  headers: IF_MATCH,
  body: taskPatchSchema,
  bodyTypes: ["application/merge-patch+json", "application/json"],
  answers: {
    200: json("The task as it is now.", taskSchema, ETAG),
    412: {
      description: "Changed since that version; `current` is the task as it is now.",
      content: { "application/problem+json": versionConflictSchema },
      headers: ETAG,
    },
    ...problems(400, 404, 413, 415),
  },
});

const remove = defineRoute({
  method: "delete",
  path: "/api/{user_id}/tasks/{id}",
  tag,
  summary: "Move a task to the trash",
  params: taskPathSchema,
  answers: { 204: { description: "Moved." }, ...problems(400, 404) },
});

/** For the OpenAPI document. */
export const taskRoutes = [list, create, get, update, remove];

/** `/api/{user_id}/tasks`: thin adapters over the task domain. */
export function serveTasks(app: Hono<ApiEnv>, db: Database): void {
  serve(app, list, async (c, { query }) => {
    const page = await tasksFor(db, c.get("claims").sub).list(query);
    const etag = contentTag(page);
    if (noneMatch(c.req.header("if-none-match"), etag)) return c.body(null, 304, { etag });
    return c.json(page, 200, { etag });
  });

  serve(app, create, async (c, { body }) => {
    const task = await tasksFor(db, c.get("claims").sub).add(body);
    return c.json(task, 201, { etag: etagOf(task), location: `${new URL(c.req.url).pathname}/${task.id}` });
  });

  serve(app, get, async (c, { params }) => {
    const task = await tasksFor(db, c.get("claims").sub).get(params.id);
    return c.json(task, 200, { etag: etagOf(task) });
  });

  serve(app, update, async (c, { params, body }) => {
    const options = { expectedVersion: expectedVersion(c.req.header("if-match")) };
    const task = await tasksFor(db, c.get("claims").sub).update(params.id, body, options);
    return c.json(task, 200, { etag: etagOf(task) });
  });

  serve(app, remove, async (c, { params }) => {
    const { tasks } = await tasksFor(db, c.get("claims").sub).delete([params.id]);
    if (tasks.length === 0) throw new TaskNotFoundError(params.id);
    return c.body(null, 204);
  });
}
