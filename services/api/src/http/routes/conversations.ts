import { conversationListSchema, conversationSchema } from "@taskassistant/contracts";
import { ROUTES } from "@taskassistant/contracts/routes";
import { ProblemError } from "@taskassistant/kit/http";
import { conversationsFor } from "../../conversations/store.ts";
import { json, problems } from "../routing/answers.ts";
import { defineRoute } from "../routing/route.ts";

const tag = "Chat";

/** `/api/conversations`: the conversations of the token's user. */
export const conversationRoutes = {
  listConversations: defineRoute(ROUTES.listConversations, {
    tag,
    summary: "List your conversations, the newest first, at most 100",
    answers: { 200: json("Your conversations.", conversationListSchema), ...problems() },
    handle: async (c, _input, { db }) =>
      c.json({ conversations: await conversationsFor(db, c.get("claims").sub).list() }),
  }),

  getConversation: defineRoute(ROUTES.getConversation, {
    tag,
    summary: "Get a conversation with its messages",
    answers: { 200: json("The conversation.", conversationSchema), ...problems(400, 404) },
    handle: async (c, { params }, { db, respondJson }) => {
      const { sub } = c.get("claims");
      const conversation = await conversationsFor(db, sub).get(params.id);
      if (conversation === undefined) throw noConversation();
      return respondJson(sub, conversation);
    },
  }),

  deleteConversation: defineRoute(ROUTES.deleteConversation, {
    tag,
    summary: "Delete a conversation",
    answers: { 204: { description: "Deleted." }, ...problems(400, 404) },
    handle: async (c, { params }, { db }) => {
      if (!(await conversationsFor(db, c.get("claims").sub).remove(params.id))) throw noConversation();
      return c.body(null, 204);
    },
  }),
};

function noConversation(): ProblemError {
  return new ProblemError("not_found", "There is no such conversation.");
}
