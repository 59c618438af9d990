export type { BulkResult } from "./change-tasks.ts";
export { InvalidCursorError, TaskNotFoundError, VersionConflictError } from "./errors.ts";
export { type Tasks, tasksFor } from "./tasks-for.ts";
