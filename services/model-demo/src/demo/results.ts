import { z } from "zod";

/** What the demo model needs to know of a task. */
const seenTask = z.object({
  id: z.string(),
  title: z.string(),
  due: z.string().nullable().default(null),
  done: z.boolean().default(false),
});
export type SeenTask = z.output<typeof seenTask>;

const resultSchema = z.object({
  task: seenTask.optional(),
  tasks: z.array(seenTask).optional(),
  total: z.number().optional(),
  failures: z.array(z.object({ id: z.string(), message: z.string() })).optional(),
});

/** A tool's result as the model reads it: tasks, or the text of an error. */
export type SeenResult = { tasks: SeenTask[]; total: number; failures: string[] } | { error: string };

/** Reads the content of a `tool` message: the tool's structured content as JSON, or anything else, which is an error. */
export function readResult(content: string): SeenResult {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return { error: content.replace(/^error:\s*/i, "") };
  }
  const outer = z.looseObject({ structuredContent: z.unknown() }).safeParse(value);
  const parsed = resultSchema.safeParse(
    outer.success && outer.data.structuredContent ? outer.data.structuredContent : value,
  );
  if (!parsed.success || (parsed.data.task === undefined && parsed.data.tasks === undefined))
    return { error: errorOf(value) };
  const tasks = parsed.data.tasks ?? (parsed.data.task === undefined ? [] : [parsed.data.task]);
  const failures = (parsed.data.failures ?? []).map((failure) => failure.message);
  return { tasks, total: parsed.data.total ?? tasks.length, failures };
}

const errorSchema = z.union([
  z.string(),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ message: z.string() }).transform(({ message }) => message),
  z
    .object({ content: z.array(z.object({ text: z.string().optional() })) })
    .transform(({ content }) => content.map((part) => part.text ?? "").join(" ")),
]);

function errorOf(value: unknown): string {
  const parsed = errorSchema.safeParse(value);
  return parsed.success ? parsed.data : "the tool gave an answer I can't read";
}
