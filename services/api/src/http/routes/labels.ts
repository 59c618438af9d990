import {
  newLabelSchema,
  projectListSchema,
  projectPatchSchema,
  projectSchema,
  tagListSchema,
  tagPatchSchema,
  tagSchema,
} from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { tasksFor } from "@taskassistant/tasks";
import { json, problems } from "../routing/answers.ts";
import { defineRoute } from "../routing/route.ts";

const LOCATION = { Location: "Its path." };
const MENTION = "A task that names a new one makes it, too.";

/** `/api/{user_id}/projects` and `/api/{user_id}/tags`. */
export const labelRoutes = {
  listProjects: defineRoute(ROUTES.listProjects, {
    tag: "Projects",
    summary: "List the projects, by name, with their open tasks counted",
    answers: { 200: json("All of them.", projectListSchema), ...problems() },
    handle: async (c, _input, { db }) => c.json(await tasksFor(db, c.get("claims").sub).listProjects()),
  }),

  createProject: defineRoute(ROUTES.createProject, {
    tag: "Projects",
    summary: "Create a project",
    description: MENTION,
    body: newLabelSchema,
    answers: { 201: json("Created.", projectSchema, LOCATION), ...problems(400, 409, 413, 415) },
    handle: async (c, { body }, { db }) => {
      const project = await tasksFor(db, c.get("claims").sub).addProject(body);
      return c.json(project, 201, { location: `${new URL(c.req.url).pathname}/${project.id}` });
    },
  }),

  updateProject: defineRoute(ROUTES.updateProject, {
    tag: "Projects",
    summary: "Rename, colour or archive a project by a JSON merge patch (RFC 7396)",
    body: projectPatchSchema,
    answers: { 200: json("The project as it is now.", projectSchema), ...problems(400, 404, 409, 413, 415) },
    handle: async (c, { params, body }, { db }) =>
      c.json(await tasksFor(db, c.get("claims").sub).updateProject(params.id, body)),
  }),

  deleteProject: defineRoute(ROUTES.deleteProject, {
    tag: "Projects",
    summary: "Delete a project; its tasks stay, in no project",
    answers: { 204: { description: "Deleted." }, ...problems(400, 404) },
    handle: async (c, { params }, { db }) => {
      await tasksFor(db, c.get("claims").sub).deleteProject(params.id);
      return c.body(null, 204);
    },
  }),

  listTags: defineRoute(ROUTES.listTags, {
    tag: "Tags",
    summary: "List the tags, by name, with their open tasks counted",
    answers: { 200: json("All of them.", tagListSchema), ...problems() },
    handle: async (c, _input, { db }) => c.json(await tasksFor(db, c.get("claims").sub).listTags()),
  }),

  createTag: defineRoute(ROUTES.createTag, {
    tag: "Tags",
    summary: "Create a tag",
    description: MENTION,
    body: newLabelSchema,
    answers: { 201: json("Created.", tagSchema, LOCATION), ...problems(400, 409, 413, 415) },
    handle: async (c, { body }, { db }) => {
      const tag = await tasksFor(db, c.get("claims").sub).addTag(body);
      return c.json(tag, 201, { location: `${new URL(c.req.url).pathname}/${tag.id}` });
    },
  }),

  updateTag: defineRoute(ROUTES.updateTag, {
    tag: "Tags",
    summary: "Rename or colour a tag by a JSON merge patch (RFC 7396)",
    body: tagPatchSchema,
    answers: { 200: json("The tag as it is now.", tagSchema), ...problems(400, 404, 409, 413, 415) },
    handle: async (c, { params, body }, { db }) =>
      c.json(await tasksFor(db, c.get("claims").sub).updateTag(params.id, body)),
  }),

  deleteTag: defineRoute(ROUTES.deleteTag, {
    tag: "Tags",
    summary: "Delete a tag and take it off its tasks",
    answers: { 204: { description: "Deleted." }, ...problems(400, 404) },
    handle: async (c, { params }, { db }) => {
      await tasksFor(db, c.get("claims").sub).deleteTag(params.id);
      return c.body(null, 204);
    },
  }),
};
