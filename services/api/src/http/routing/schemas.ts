import {
  chatRequestSchema,
  chatResponseSchema,
  conversationIdSchema,
  conversationListSchema,
  conversationSchema,
  conversationSummarySchema,
  meSchema,
  messageSchema,
  newTaskSchema,
  PAGE_MAX,
  problemSchema,
  taskIdSchema,
  taskPageSchema,
  taskPatchSchema,
  taskQuerySchema,
  taskSchema,
  userIdSchema,
} from "@taskassistant/contracts";
import { z } from "zod";
import type { Answer } from "./route.ts";

/** Query strings carry text only, so the number is read from it. */
export const taskListQuerySchema = taskQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
});
export const userPathSchema = z.object({ user_id: userIdSchema });
export const taskPathSchema = z.object({ user_id: userIdSchema, id: taskIdSchema });
export const conversationPathSchema = z.object({ id: conversationIdSchema });
/** 412: the problem, and the task as it is now. */
export const versionConflictSchema = problemSchema.extend({ current: taskSchema });

/** The names of the schemas in the OpenAPI document, as they are sent to us. */
export const INPUTS = { NewTask: newTaskSchema, TaskPatch: taskPatchSchema, ChatRequest: chatRequestSchema };
/** And as we send them. */
export const OUTPUTS = {
  Problem: problemSchema,
  VersionConflict: versionConflictSchema,
  Task: taskSchema,
  TaskPage: taskPageSchema,
  ChatResponse: chatResponseSchema,
  Message: messageSchema,
  ConversationSummary: conversationSummarySchema,
  ConversationList: conversationListSchema,
  Conversation: conversationSchema,
  Me: meSchema,
};

const PROBLEMS = {
  400: "The request is wrong; `errors` names the fields.",
  401: "No valid API token.",
  403: "The path's user is not the token's, or the token lacks a scope.",
  404: "There is no such thing, for this user.",
  413: "The body is too large.",
  415: "The body is not JSON.",
  429: "Too many requests, here or at the model provider, or too many answers at a time; see `Retry-After` and `code`.",
  502: "The model provider refuses the API key.",
  503: "Something this needs is not there right now; see `Retry-After` and `code`.",
  504: "The model did not answer in time.",
} as const;

/** The error answers of a route. 401, 403, 429 and 503 come with every one. */
export function problems(...statuses: (keyof typeof PROBLEMS)[]): Record<number, Answer> {
  const all = [401, 403, 429, 503, ...statuses] as const;
  return Object.fromEntries(
    all.map((status) => [
      status,
      { description: PROBLEMS[status], content: { "application/problem+json": problemSchema } },
    ]),
  );
}

/** An answer in JSON. */
export function json(description: string, schema: z.ZodType, headers?: Record<string, string>): Answer {
  return { description, content: { "application/json": schema }, ...(headers === undefined ? {} : { headers }) };
}
