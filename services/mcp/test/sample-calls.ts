/** A call of every tool, valid but for the user; `identity.test.ts` fails for a tool without one. */
export const calls: [string, () => Record<string, unknown>][] = [
  ["list_tasks", () => ({ status: "all" })],
  ["add_task", () => ({ title: "Planted" })],
  ["update_task", () => ({ task_id: "t_000000000000", title: "Planted" })],
  ["complete_task", () => ({ task_ids: ["t_000000000000"] })],
  ["delete_task", () => ({ task_ids: ["t_000000000000"] })],
];
