export type { BulkResult } from "./tasks/bulk.ts";
export { InvalidCursorError, TaskNotFoundError, VersionConflictError } from "./tasks/errors.ts";
export { type Tasks, tasksFor } from "./tasks/tasks-for.ts";
