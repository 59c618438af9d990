export type { BulkResult } from "./tasks/change.ts";
export { InvalidCursorError, TaskNotFoundError, VersionConflictError } from "./tasks/errors.ts";
export { type Tasks, tasksFor } from "./tasks/tasks-for.ts";
