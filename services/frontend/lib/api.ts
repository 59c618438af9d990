import type {
  AppConfig,
  Conversation,
  ConversationSummary,
  EmptiedTrash,
  Me,
  NewTask,
  ProjectList,
  TagList,
  Task,
  TaskPage,
  TaskPatch,
  TrashPage,
} from "@taskassistant/contracts";
import { pathOf, ROUTES } from "@taskassistant/contracts/routes";
import { ApiError, toApiError } from "./errors/api-error.ts";

/** Which tasks to list. */
export interface TaskFilter {
  status: "open" | "done" | "all";
  query?: string;
  completed_from?: string;
  limit: number;
  cursor?: string;
}

/** A page of tasks and its entity tag. */
export interface ListedTasks {
  page: TaskPage;
  etag?: string;
}

/**
 * The API at the page's own origin. Each call throws `ApiError`. A 401 is also reported to `onUnauthorized`, a 403 to
 * `onForbidden`. `send` waits as long as an answer streams, `ask` and all others half a minute.
 */
export type Api = ReturnType<typeof createApi>;

const PATIENCE_MS = 30_000;

export function createApi(
  options: { fetch?: typeof fetch; onUnauthorized?: () => void; onForbidden?: () => void; patienceMs?: number } = {},
) {
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await (options.fetch ?? fetch)(path, { cache: "no-store", ...init }).catch((cause: unknown) => {
      if (init.signal?.aborted) throw cause;
      throw new ApiError({ status: 0, code: "offline", detail: "" });
    });
    if (response.status === 401) options.onUnauthorized?.();
    if (response.status === 403) options.onForbidden?.();
    if (!response.ok && response.status !== 304) throw await toApiError(response);
    return response;
  };
  /** A request that hangs would leave people with a form that can be neither saved nor left. */
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
    const patience = AbortSignal.timeout(options.patienceMs ?? PATIENCE_MS);
    return send(path, { ...init, signal: patience }).catch((cause: unknown) => {
      throw patience.aborted ? new ApiError({ status: 0, code: "offline", detail: "" }) : cause;
    });
  };
  const json = async <Body>(path: string, init?: RequestInit): Promise<Body> => (await ask(path, init)).json();
  const write = (method: string, type: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { "content-type": type, ...headers },
    body: JSON.stringify(body),
  });
  const taskPath = (userId: string, id: string) => pathOf(ROUTES.getTask, { user_id: userId, id });

  return {
    send,
    ask,
    config: () => json<AppConfig>("/api/config"),
    me: () => json<Me>(ROUTES.getMe.path),
    conversations: async () =>
      (await json<{ conversations: ConversationSummary[] }>(ROUTES.listConversations.path)).conversations,
    conversation: (id: string) => json<Conversation>(pathOf(ROUTES.getConversation, { id })),
    deleteConversation: (id: string) => ask(pathOf(ROUTES.deleteConversation, { id }), { method: "DELETE" }),

    /** One page of tasks. Returns `known` itself while the server reports that the page is unchanged (304). */
    listTasks: async (userId: string, filter: TaskFilter, known?: ListedTasks): Promise<ListedTasks> => {
      const query = new URLSearchParams({ ...filter, limit: String(filter.limit) });
      const headers: Record<string, string> = known?.etag === undefined ? {} : { "if-none-match": known.etag };
      const response = await ask(`${pathOf(ROUTES.listTasks, { user_id: userId })}?${query}`, { headers });
      if (response.status === 304 && known !== undefined) return known;
      const next = response.headers.get("etag");
      return { page: (await response.json()) as TaskPage, ...(next === null ? {} : { etag: next }) };
    },
    task: (userId: string, id: string) => json<Task>(taskPath(userId, id)),
    addTask: (userId: string, task: NewTask) =>
      json<Task>(pathOf(ROUTES.createTask, { user_id: userId }), write("POST", "application/json", task)),
    /** With `version`, the server refuses (412) when the task was changed since. */
    patchTask: (userId: string, id: string, patch: TaskPatch, version?: number) =>
      json<Task>(
        taskPath(userId, id),
        write(
          "PATCH",
          "application/merge-patch+json",
          patch,
          version === undefined ? {} : { "if-match": `"${version}"` },
        ),
      ),
    deleteTask: (userId: string, id: string) => ask(taskPath(userId, id), { method: "DELETE" }),

    projects: async (userId: string) =>
      (await json<ProjectList>(pathOf(ROUTES.listProjects, { user_id: userId }))).projects,
    tags: async (userId: string) => (await json<TagList>(pathOf(ROUTES.listTags, { user_id: userId }))).tags,

    /** One page of the trash, what was deleted last first. */
    listTrash: (userId: string, cursor?: string) =>
      json<TrashPage>(
        `${pathOf(ROUTES.listTrash, { user_id: userId })}${cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`}`,
      ),
    restoreTask: (userId: string, id: string) =>
      json<Task>(pathOf(ROUTES.restoreTask, { user_id: userId, id }), { method: "POST" }),
    emptyTrash: (userId: string) =>
      json<EmptiedTrash>(pathOf(ROUTES.emptyTrash, { user_id: userId }), { method: "DELETE" }),
  };
}
