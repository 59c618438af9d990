import type { Conversation, ConversationSummary, Message, MessagePart, MessageStatus } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import { storable } from "./storable.ts";
import { titleOf } from "./title.ts";

/** Most conversations in the list. */
const LIST_MAX = 100;
/** Most messages read back for one conversation, the newest ones. */
const MESSAGES_MAX = 500;

/** How an assistant's message ended, as it is stored with it. */
export type MessageEnd = { status: MessageStatus; error?: string };

/** The conversations of one user. Other users' conversations do not exist here. */
export type ConversationStore = {
  /** Newest first, at most 100. */
  list(): Promise<ConversationSummary[]>;
  get(id: string): Promise<Conversation | undefined>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
  /** The newest messages, oldest first. */
  messages(id: string, limit: number): Promise<Message[]>;
  /** Stores a message of the person, making the conversation when it is new. */
  addUserMessage(id: string, message: { id: string; text: string }): Promise<void>;
  /** Stores the assistant's message. False when the conversation was deleted meanwhile. */
  addAssistantMessage(
    id: string,
    message: { id: string; parts: MessagePart[]; end: MessageEnd; startedAt: Date },
  ): Promise<boolean>;
};

/** Opens the store for the user that the token speaks for. */
export function conversationsFor(db: Database, userId: string): ConversationStore {
  const messages = (id: string, limit: number): Promise<Message[]> =>
    db.asUser(userId, async (tx) => {
      const rows = await tx
        .selectFrom("app.message")
        .select(["id", "role", "parts", "metadata", "created_at"])
        .where("user_id", "=", userId)
        .where("conversation_id", "=", id)
        .orderBy("seq", "desc")
        .limit(limit)
        .execute();
      return rows.reverse().map(toMessage);
    });

  return {
    messages,

    list: () =>
      db.asUser(userId, async (tx) => {
        const rows = await tx
          .selectFrom("app.conversation")
          .select(["id", "title", "created_at", "updated_at"])
          .where("user_id", "=", userId)
          .orderBy("updated_at", "desc")
          .orderBy("id")
          .limit(LIST_MAX)
          .execute();
        return rows.map(toSummary);
      }),

    get: async (id) => {
      const row = await db.asUser(userId, (tx) =>
        tx
          .selectFrom("app.conversation")
          .select(["id", "title", "created_at", "updated_at"])
          .where("user_id", "=", userId)
          .where("id", "=", id)
          .executeTakeFirst(),
      );
      return row === undefined ? undefined : { ...toSummary(row), messages: await messages(id, MESSAGES_MAX) };
    },

    remove: (id) =>
      db.asUser(userId, async (tx) => {
        const result = await tx
          .deleteFrom("app.conversation")
          .where("user_id", "=", userId)
          .where("id", "=", id)
          .executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),

    addUserMessage: (id, message) =>
      db.asUser(userId, async (tx) => {
        // Also locks the conversation, so that two turns at a time can't take the same place in it.
        await tx
          .insertInto("app.conversation")
          .values({ user_id: userId, id, title: storable(titleOf(message.text)) })
          .onConflict((conflict) => conflict.columns(["user_id", "id"]).doUpdateSet({ updated_at: new Date() }))
          .execute();
        await tx
          .insertInto("app.message")
          .values({
            user_id: userId,
            id: message.id,
            conversation_id: id,
            seq: await nextPlace(tx, userId, id),
            role: "user",
            parts: JSON.stringify(storable([{ type: "text", text: message.text }])),
            metadata: JSON.stringify({ status: "completed" }),
          })
          .execute();
      }),

    addAssistantMessage: (id, message) =>
      db.asUser(userId, async (tx) => {
        const touched = await tx
          .updateTable("app.conversation")
          .set({ updated_at: new Date() })
          .where("user_id", "=", userId)
          .where("id", "=", id)
          .executeTakeFirst();
        if (touched.numUpdatedRows === 0n) return false;
        await tx
          .insertInto("app.message")
          .values({
            user_id: userId,
            id: message.id,
            conversation_id: id,
            seq: await nextPlace(tx, userId, id),
            role: "assistant",
            parts: JSON.stringify(storable(message.parts)),
            metadata: JSON.stringify(storable(message.end)),
            created_at: message.startedAt,
          })
          .execute();
        return true;
      }),
  };
}

type Tx = Parameters<Parameters<Database["asUser"]>[1]>[0];

async function nextPlace(tx: Tx, userId: string, conversationId: string): Promise<number> {
  const last = await tx
    .selectFrom("app.message")
    .select("seq")
    .where("user_id", "=", userId)
    .where("conversation_id", "=", conversationId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return last === undefined ? 0 : last.seq + 1;
}

function toSummary(row: { id: string; title: string; created_at: Date; updated_at: Date }): ConversationSummary {
  return {
    id: row.id,
    title: row.title,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

type MessageRow = { id: string; role: "user" | "assistant"; parts: object[]; metadata: object; created_at: Date };

/** Parts and metadata were checked by their types when they were written; the database holds nothing else. */
function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    role: row.role,
    parts: row.parts as MessagePart[],
    metadata: { ...(row.metadata as MessageEnd), created_at: row.created_at.toISOString() },
  };
}
