import { localDateSchema, taskIdSchema } from "@taskassistant/contracts";
import { InvalidCursorError } from "./errors.ts";

/** The place of a task in the list: what the list is ordered by. */
export interface Position {
  /** `YYYY-MM-DD`, or `infinity` for a task without a date. */
  dueOrder: string;
  createdAt: Date;
  id: string;
}

/** The cursor that continues after this place. Opaque to callers. It contains nothing that is not on the page. */
export function encodeCursor({ dueOrder, createdAt, id }: Position): string {
  return Buffer.from(`${dueOrder} ${createdAt.getTime()} ${id}`).toString("base64url");
}

/** Throws InvalidCursorError for a text that `encodeCursor` did not create. */
export function decodeCursor(cursor: string): Position {
  const [dueOrder = "", time = "", id = "", ...rest] = Buffer.from(cursor, "base64url").toString().split(" ");
  const createdAt = instantOf(time);
  const valid =
    rest.length === 0 &&
    (dueOrder === "infinity" || localDateSchema.safeParse(dueOrder).success) &&
    createdAt !== undefined &&
    taskIdSchema.safeParse(id).success;
  if (!valid) throw new InvalidCursorError();
  return { dueOrder, createdAt, id };
}

/** The place of a task in the trash. */
export interface TrashPosition {
  deletedAt: Date;
  id: string;
}

/** The cursor that continues the trash after this task. */
export function encodeTrashCursor({ deleted_at, id }: { deleted_at: string; id: string }): string {
  return Buffer.from(`${Date.parse(deleted_at)} ${id}`).toString("base64url");
}

/** Throws InvalidCursorError for a text that `encodeTrashCursor` did not create. */
export function decodeTrashCursor(cursor: string): TrashPosition {
  const [time = "", id = "", ...rest] = Buffer.from(cursor, "base64url").toString().split(" ");
  const deletedAt = instantOf(time);
  const valid = rest.length === 0 && deletedAt !== undefined && taskIdSchema.safeParse(id).success;
  if (!valid) throw new InvalidCursorError();
  return { deletedAt, id };
}

/** Milliseconds since 1970 as an instant; undefined for any other text. */
function instantOf(time: string): Date | undefined {
  return /^\d{1,13}$/.test(time) ? new Date(Number(time)) : undefined;
}
