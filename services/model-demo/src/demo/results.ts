import { isRecord, readToolOutput, type Task, type ToolOutcome, toolNamed } from "@taskassistant/contracts";
import { z } from "zod";
import type { ToolRound } from "./history.ts";

/** What the demo model looks at of a task. */
export type SeenTask = Pick<Task, "id" | "title" | "due" | "done"> &
  Partial<Pick<Task, "due_time" | "repeat" | "project" | "tags">>;

/** A tool's result as the model reads it: what the tool did, or the text of an error. */
export type SeenResult = ToolOutcome | { error: string };

/** Reads the result of a call: the tool's structured content as JSON, or anything else, which is an error. */
export function readResult({ name, result }: ToolRound): SeenResult {
  let value: unknown;
  try {
    value = JSON.parse(result);
  } catch {
    return { error: result.replace(/^error:\s*/i, "") };
  }
  const output = isRecord(value) && isRecord(value.structuredContent) ? value.structuredContent : value;
  const tool = toolNamed(name);
  if (tool === undefined || !isRecord(output) || (output.task === undefined && output.tasks === undefined)) {
    return { error: errorOf(value) };
  }
  return readToolOutput(tool.output, output);
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
