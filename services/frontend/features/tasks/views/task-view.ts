/** What is shown of the tasks. Each has an address and a title. */
export const TASK_VIEWS = ["today", "upcoming", "all", "done", "search", "trash"] as const;

export type TaskView = (typeof TASK_VIEWS)[number];

/** Whether a text names a view. */
export function isTaskView(text: string | null): text is TaskView {
  return TASK_VIEWS.some((view) => view === text);
}
