import { API_BODY_MAX, LABEL_BODY_MAX } from "../limits.ts";
import type { RouteEntry } from "./route.ts";

const JSON_TYPE = "application/json";
const MERGE_PATCH_TYPE = "application/merge-patch+json";

const USER = { user_id: "user" } as const;
const CONVERSATION = { id: "conversation" } as const;
const TASK = { user_id: "user", id: "task" } as const;
const PROJECT = { user_id: "user", id: "project" } as const;
const TAG = { user_id: "user", id: "tag" } as const;

const NEW_LABEL = { maxBytes: LABEL_BODY_MAX, types: [JSON_TYPE], example: { name: "Work" } } as const;
const LABEL_PATCH = {
  maxBytes: LABEL_BODY_MAX,
  types: [MERGE_PATCH_TYPE, JSON_TYPE],
  example: { name: "Home" },
} as const;

/**
 * Every route of the API. The API serves exactly these, the frontend forwards exactly these, the OpenAPI document lists
 * those that need a token, and the attack tests try each of them.
 */
export const ROUTES = {
  getMe: { method: "GET", path: "/api/me", params: {}, scope: "tasks:read" },

  listConversations: { method: "GET", path: "/api/conversations", params: {}, scope: "tasks:read" },
  getConversation: { method: "GET", path: "/api/conversations/{id}", params: CONVERSATION, scope: "tasks:read" },
  deleteConversation: { method: "DELETE", path: "/api/conversations/{id}", params: CONVERSATION, scope: "tasks:write" },

  sendMessage: {
    method: "POST",
    path: "/api/chat",
    params: {},
    scope: "tasks:write",
    body: { maxBytes: API_BODY_MAX, types: [JSON_TYPE], example: { message: "add buy milk" } },
    streams: true,
  },

  listTasks: { method: "GET", path: "/api/{user_id}/tasks", params: USER, scope: "tasks:read" },
  createTask: {
    method: "POST",
    path: "/api/{user_id}/tasks",
    params: USER,
    scope: "tasks:write",
    body: { maxBytes: API_BODY_MAX, types: [JSON_TYPE], example: { title: "Buy milk" } },
  },
  getTask: { method: "GET", path: "/api/{user_id}/tasks/{id}", params: TASK, scope: "tasks:read" },
  updateTask: {
    method: "PATCH",
    path: "/api/{user_id}/tasks/{id}",
    params: TASK,
    scope: "tasks:write",
    body: { maxBytes: API_BODY_MAX, types: [MERGE_PATCH_TYPE, JSON_TYPE], example: { title: "Buy oat milk" } },
  },
  deleteTask: { method: "DELETE", path: "/api/{user_id}/tasks/{id}", params: TASK, scope: "tasks:write" },
  exportTasks: { method: "GET", path: "/api/{user_id}/export", params: USER, scope: "tasks:read" },

  listProjects: { method: "GET", path: "/api/{user_id}/projects", params: USER, scope: "tasks:read" },
  createProject: {
    method: "POST",
    path: "/api/{user_id}/projects",
    params: USER,
    scope: "tasks:write",
    body: NEW_LABEL,
  },
  updateProject: {
    method: "PATCH",
    path: "/api/{user_id}/projects/{id}",
    params: PROJECT,
    scope: "tasks:write",
    body: LABEL_PATCH,
  },
  deleteProject: { method: "DELETE", path: "/api/{user_id}/projects/{id}", params: PROJECT, scope: "tasks:write" },
  listTags: { method: "GET", path: "/api/{user_id}/tags", params: USER, scope: "tasks:read" },
  createTag: { method: "POST", path: "/api/{user_id}/tags", params: USER, scope: "tasks:write", body: NEW_LABEL },
  updateTag: {
    method: "PATCH",
    path: "/api/{user_id}/tags/{id}",
    params: TAG,
    scope: "tasks:write",
    body: LABEL_PATCH,
  },
  deleteTag: { method: "DELETE", path: "/api/{user_id}/tags/{id}", params: TAG, scope: "tasks:write" },

  listTrash: { method: "GET", path: "/api/{user_id}/trash", params: USER, scope: "tasks:read" },
  emptyTrash: { method: "DELETE", path: "/api/{user_id}/trash", params: USER, scope: "tasks:write" },
  restoreTask: { method: "POST", path: "/api/{user_id}/trash/{id}/restore", params: TASK, scope: "tasks:write" },
  purgeTask: { method: "DELETE", path: "/api/{user_id}/trash/{id}", params: TASK, scope: "tasks:write" },

  getHealth: { method: "GET", path: "/api/health", params: {}, scope: null },
  getOpenApi: { method: "GET", path: "/api/openapi.json", params: {}, scope: null },
} as const satisfies Record<string, RouteEntry>;

/** What programs call a route by. */
export type RouteId = keyof typeof ROUTES;

export const ROUTE_IDS = Object.keys(ROUTES) as RouteId[];
