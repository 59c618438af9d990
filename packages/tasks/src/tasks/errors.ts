import type { Task } from "@taskassistant/contracts";

/** The user has no such task. An unknown task, another user's and one in the trash all get this answer. */
export class TaskNotFoundError extends Error {
  override name = "TaskNotFoundError";
  readonly id: string;

  constructor(id: string) {
    super(notFoundMessage(id));
    this.id = id;
  }
}

/** The task was changed since the version the caller knew. */
export class VersionConflictError extends Error {
  override name = "VersionConflictError";
  /** The task as it is now. */
  readonly current: Task;

  constructor(current: Task) {
    super(`task ${current.id} was changed meanwhile (it is at version ${current.version}); look at it again and retry`);
    this.current = current;
  }
}

/** The task would have a rule or a time that makes no sense. The message names the field and what to write instead. */
export class InvalidTaskError extends Error {
  override name = "InvalidTaskError";
  readonly field: "due" | "repeat";

  constructor(field: "due" | "repeat", message: string, options?: ErrorOptions) {
    super(message, options);
    this.field = field;
  }
}

/** The cursor was not returned with any page. */
export class InvalidCursorError extends Error {
  override name = "InvalidCursorError";

  constructor() {
    super("the cursor is not one of this list; start again without a cursor");
  }
}

export function notFoundMessage(id: string): string {
  return `there is no task ${id}; list the tasks to find its id`;
}
