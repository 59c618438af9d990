import { BULK_MAX, taskIdSchema, taskSchema } from "@taskassistant/contracts";
import { z } from "zod";

/** Arguments of the tools that work on several tasks at once. */
export const bulkInput = z.strictObject({
  task_ids: z
    .array(taskIdSchema)
    .min(1, "task_ids is empty; name at least one task")
    .max(BULK_MAX, `too many ids; send at most ${BULK_MAX} in one call`)
    .describe("Ids from list_tasks."),
});

/** Each id is either among the changed tasks or among the failures. */
export const bulkOutput = z.object({
  tasks: z.array(taskSchema),
  failures: z.array(z.object({ id: z.string(), message: z.string() })),
});
