import { z } from "zod";
import { MESSAGE_MAX } from "./limits.ts";
import { NO_NUL, withoutNul } from "./text.ts";
import { isTimeZone } from "./time-zone.ts";

/** Conversation ids are UUIDs made by the client, unique per user. */
export const conversationIdSchema = z.uuid();

/** An IANA time zone such as `Europe/Berlin`. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: "time_zone is not an IANA time zone such as Europe/Berlin" });

/** `POST /api/chat`: one message of the user. A conversation that does not exist yet is created. */
export const chatRequestSchema = z.strictObject({
  message: z
    .string()
    .trim()
    .min(1, "message is empty; write what needs doing")
    .max(MESSAGE_MAX, `message is longer than ${MESSAGE_MAX} characters; send it in parts`)
    .refine(withoutNul, NO_NUL),
  conversation_id: conversationIdSchema.optional(),
  time_zone: timeZoneSchema.default("UTC"),
});
export type ChatRequest = z.input<typeof chatRequestSchema>;

/** `POST /api/chat` with `Accept: application/json`. */
export const chatResponseSchema = z.object({ response: z.string(), conversation_id: conversationIdSchema });
export type ChatResponse = z.infer<typeof chatResponseSchema>;

/** Message parts, in the shape of the AI SDK's UI messages so that history and stream render alike. */
export const textPartSchema = z.object({ type: z.literal("text"), text: z.string() });
/** What the model thought before it answered: shown folded, and never part of the answer. */
export const reasoningPartSchema = z.object({ type: z.literal("reasoning"), text: z.string() });
export const toolPartSchema = z.object({
  type: z.literal("dynamic-tool"),
  toolName: z.string(),
  toolCallId: z.string(),
  state: z.enum(["output-available", "output-error"]),
  input: z.unknown(),
  output: z.unknown().optional(),
  errorText: z.string().optional(),
});
export const messagePartSchema = z.discriminatedUnion("type", [textPartSchema, reasoningPartSchema, toolPartSchema]);
export type MessagePart = z.infer<typeof messagePartSchema>;

/** How an assistant message ended. `stopped`: by the user or a lost connection; `failed`: see `error`. */
export const messageStatusSchema = z.enum(["completed", "stopped", "failed", "limited"]);
export type MessageStatus = z.infer<typeof messageStatusSchema>;

/** One stored message, an AI SDK `UIMessage` with our metadata. */
export const messageSchema = z.object({
  id: z.uuid(),
  role: z.enum(["user", "assistant"]),
  parts: z.array(messagePartSchema),
  metadata: z.object({
    created_at: z.iso.datetime(),
    status: messageStatusSchema,
    /** Why a failed or limited run ended, as a sentence for the person. */
    error: z.string().optional(),
    /** Of an assistant's message: the one of the person that it answers. Answers end in any order. */
    question_id: z.uuid().optional(),
  }),
});
export type Message = z.infer<typeof messageSchema>;

/** One line of the history. */
export const conversationSummarySchema = z.object({
  id: conversationIdSchema,
  title: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type ConversationSummary = z.infer<typeof conversationSummarySchema>;

/** `GET /api/conversations`: newest first, at most `CONVERSATIONS_MAX`. */
export const conversationListSchema = z.object({ conversations: z.array(conversationSummarySchema) });
/** `GET /api/conversations/{id}`. */
export const conversationSchema = conversationSummarySchema.extend({ messages: z.array(messageSchema) });
export type Conversation = z.infer<typeof conversationSchema>;

/** `GET /api/me`: who the token speaks for and what this instance can do. */
export const meSchema = z.object({
  user_id: z.string(),
  model: z.object({ provider: z.enum(["Demo", "OpenAICompatible"]), name: z.string() }),
});
export type Me = z.infer<typeof meSchema>;
