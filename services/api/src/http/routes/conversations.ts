import { conversationListSchema, conversationSchema } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { ProblemError } from "@taskassistant/kit";
import type { Hono } from "hono";
import { conversationsFor } from "../../conversations/store.ts";
import type { ApiEnv } from "../context.ts";
import { defineRoute, serve } from "../routing/route.ts";
import { conversationPathSchema, json, problems } from "../routing/schemas.ts";

const tag = "Chat";

const list = defineRoute({
  method: "get",
  path: "/api/conversations",
  tag,
  summary: "List your conversations, the newest first, at most 100",
  answers: { 200: json("Your conversations.", conversationListSchema), ...problems() },
});

const get = defineRoute({
  method: "get",
  path: "/api/conversations/{id}",
  tag,
  summary: "Get a conversation with its messages",
  params: conversationPathSchema,
  answers: { 200: json("The conversation.", conversationSchema), ...problems(400, 404) },
});

const remove = defineRoute({
  method: "delete",
  path: "/api/conversations/{id}",
  tag,
  summary: "Delete a conversation",
  params: conversationPathSchema,
  answers: { 204: { description: "Deleted." }, ...problems(400, 404) },
});

/** For the OpenAPI document. */
export const conversationRoutes = [list, get, remove];

/** `/api/conversations`: the history of the token's user. */
export function serveConversations(app: Hono<ApiEnv>, db: Database): void {
  serve(app, list, async (c) => c.json({ conversations: await conversationsFor(db, c.get("claims").sub).list() }));

  serve(app, get, async (c, { params }) => {
    const conversation = await conversationsFor(db, c.get("claims").sub).get(params.id);
    if (conversation === undefined) throw noConversation();
    return c.json(conversation);
  });

  serve(app, remove, async (c, { params }) => {
    if (!(await conversationsFor(db, c.get("claims").sub).remove(params.id))) throw noConversation();
    return c.body(null, 204);
  });
}

function noConversation(): ProblemError {
  return new ProblemError("not_found", "There is no such conversation.");
}
