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
  const createdAt = new Date(/^\d{1,13}$/.test(time) ? Number(time) : Number.NaN);
  const valid =
    rest.length === 0 &&
    (dueOrder === "infinity" || localDateSchema.safeParse(dueOrder).success) &&
    !Number.isNaN(createdAt.getTime()) &&
    taskIdSchema.safeParse(id).success;
  if (!valid) throw new InvalidCursorError();
  return { dueOrder, createdAt, id };
}
