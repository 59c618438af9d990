import { CHAT_PARAMETER } from "../../features/conversations/chat-address.ts";
import { isTaskView, type TaskView } from "../../features/tasks/views/task-view.ts";

/** What the address of the page says. */
export interface Address {
  chat: string | null;
  /** What is shown of the tasks; null while the address asks for nothing. */
  view: TaskView | null;
  /** What is searched for. */
  query: string;
  /** The task in the editor. */
  task: string | null;
}

const CHAT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TASK_ID = /^t_[0-9a-z]{12}$/;

/**
 * Reads the address. Everything is a parameter, not a path, so that one prerendered page, whose inline scripts have known
 * hashes, serves all of it. What makes no sense is left out.
 */
export function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search);
  const chat = parameters.get(CHAT_PARAMETER);
  const view = parameters.get("view");
  const task = parameters.get("task");
  return {
    chat: chat !== null && CHAT_ID.test(chat) ? chat : null,
    view: isTaskView(view) ? view : null,
    query: parameters.get("q") ?? "",
    task: task !== null && TASK_ID.test(task) ? task : null,
  };
}

/** The address as it stands in links. */
export function writeAddress({ chat, view, query, task }: Address): string {
  const parameters = new URLSearchParams();
  if (chat !== null) parameters.set(CHAT_PARAMETER, chat);
  if (view !== null) parameters.set("view", view);
  if (view === "search" && query !== "") parameters.set("q", query);
  if (task !== null) parameters.set("task", task);
  const search = parameters.toString();
  return search === "" ? "/" : `/?${search}`;
}
