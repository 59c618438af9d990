import {
  conversationIdSchema,
  projectIdSchema,
  tagIdSchema,
  taskIdSchema,
  userIdSchema,
} from "@taskassistant/contracts";
import type { ParamKind, RouteEntry } from "@taskassistant/contracts/routes";
import { z } from "zod";

const SCHEMAS: Record<ParamKind, z.ZodType<string>> = {
  user: userIdSchema,
  task: taskIdSchema,
  project: projectIdSchema,
  tag: tagIdSchema,
  conversation: conversationIdSchema,
};

/** The schema of the parameters in a route's path; undefined when it has none. */
export function paramsSchemaOf(entry: RouteEntry): z.ZodType | undefined {
  const kinds = Object.entries(entry.params);
  if (kinds.length === 0) return undefined;
  return z.object(Object.fromEntries(kinds.map(([name, kind]) => [name, SCHEMAS[kind]])));
}
