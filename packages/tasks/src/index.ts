export { LabelNotFoundError, LabelTakenError } from "./labels/errors.ts";
export type { BulkResult } from "./tasks/bulk.ts";
export { InvalidCursorError, InvalidTaskError, TaskNotFoundError, VersionConflictError } from "./tasks/errors.ts";
export { type Tasks, tasksFor } from "./tasks/tasks-for.ts";
