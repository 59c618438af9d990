import type { Conversation, ConversationSummary, MessagePart } from "@taskassistant/contracts";
import { CONVERSATIONS_MAX } from "@taskassistant/contracts/limits";
import type { Database } from "@taskassistant/db";
import { sql } from "kysely";
import type { KeptState } from "../agent/kept-state.ts";
import { type MessageEnd, type StoredMessage, toStoredMessage, toSummary } from "./rows.ts";
import { storable } from "./storable.ts";
import { titleOf } from "./title.ts";

/** How much of one conversation a client gets: its newest messages. */
const MESSAGES_MAX = { count: 500, bytes: 1024 * 1024 };

/** How much of a conversation is read. `bytes` counts the parts as JSON. */
export interface MessageLimit {
  readonly count: number;
  readonly bytes: number;
}

/** An answer as it is stored. */
export interface NewAnswer {
  readonly id: string;
  readonly questionId: string;
  readonly parts: readonly MessagePart[];
  readonly end: MessageEnd;
  readonly startedAt: Date;
  readonly state?: KeptState;
}

/** The conversations of one user. Other users' conversations do not exist here. */
export interface ConversationStore {
  /** The newest conversations first, at most 100. */
  list(): Promise<ConversationSummary[]>;
  get(id: string): Promise<Conversation | undefined>;
  /** Returns false when there was none. */
  remove(id: string): Promise<boolean>;
  /** The newest messages, oldest first: as many as both limits allow, and always the newest one. */
  messages(id: string, limit: MessageLimit): Promise<StoredMessage[]>;
  /** Stores a question, and creates the conversation when it is new. */
  addQuestion(id: string, question: { id: string; text: string }): Promise<void>;
  /** Stores an answer; repeating this changes nothing. Returns false when the conversation has been deleted. */
  addAnswer(id: string, answer: NewAnswer): Promise<boolean>;
}

/** Opens the store for the user that the token speaks for. */
export function conversationsFor(db: Database, userId: string): ConversationStore {
  const messages = (id: string, limit: MessageLimit): Promise<StoredMessage[]> =>
    db.asUser(userId, async (tx) => {
      const newest = tx
        .selectFrom("app.message")
        .select(["id", "seq", "role", "parts", "metadata", "model_state", "created_at"])
        .where("user_id", "=", userId)
        .where("conversation_id", "=", id)
        .orderBy("seq", "desc")
        .limit(limit.count)
        .as("newest");
      // Bytes of the newer messages: 0 for the newest one, which is always included.
      const newer = sql<number>`coalesce(sum(octet_length(parts::text) + coalesce(octet_length(model_state::text), 0)) over (order by seq desc rows between unbounded preceding and 1 preceding), 0)`;
      const own = sql<number>`octet_length(parts::text) + coalesce(octet_length(model_state::text), 0)`;
      const measured = tx
        .selectFrom(newest)
        .selectAll()
        .select([newer.as("newer"), own.as("own")])
        .as("measured");
      const rows = await tx
        .selectFrom(measured)
        .select(["id", "role", "parts", "metadata", "model_state", "created_at"])
        .where((eb) => eb.or([eb("newer", "=", 0), eb(sql`newer + own`, "<=", limit.bytes)]))
        .orderBy("seq", "desc")
        .execute();
      return rows.reverse().map(toStoredMessage);
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
          .limit(CONVERSATIONS_MAX)
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
      if (row === undefined) return undefined;
      const stored = await messages(id, MESSAGES_MAX);
      // What only a model's provider understands stays on the server.
      return { ...toSummary(row), messages: stored.map(({ state: _, ...message }) => message) };
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

    addQuestion: (id, question) =>
      db.asUser(userId, async (tx) => {
        // This also locks the conversation, so that two runs at a time can't take the same place in it.
        await tx
          .insertInto("app.conversation")
          .values({ user_id: userId, id, title: storable(titleOf(question.text)) })
          .onConflict((conflict) => conflict.columns(["user_id", "id"]).doUpdateSet({ updated_at: new Date() }))
          .execute();
        await tx
          .insertInto("app.message")
          .values({
            user_id: userId,
            id: question.id,
            conversation_id: id,
            seq: await nextPlace(tx, userId, id),
            role: "user",
            parts: JSON.stringify(storable([{ type: "text", text: question.text }])),
            metadata: JSON.stringify({ status: "completed" }),
          })
          .execute();
      }),

    addAnswer: (id, answer) =>
      db.asUser(
        userId,
        async (tx) => {
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
              id: answer.id,
              conversation_id: id,
              seq: await nextPlace(tx, userId, id),
              role: "assistant",
              parts: JSON.stringify(storable(answer.parts)),
              metadata: JSON.stringify(storable({ ...answer.end, question_id: answer.questionId })),
              model_state: answer.state === undefined ? null : JSON.stringify(storable(answer.state)),
              created_at: answer.startedAt,
            })
            // When the acknowledgement of a commit was lost, the repetition finds the message stored already.
            .onConflict((conflict) => conflict.columns(["user_id", "id"]).doNothing())
            .execute();
          return true;
          // What the answer tells has happened, and the next question will meet the quota.
        },
        { overQuota: true },
      ),
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
