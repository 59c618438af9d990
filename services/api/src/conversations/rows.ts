import type { ConversationSummary, Message, MessagePart, MessageStatus } from "@taskassistant/contracts";
import type { KeptState } from "../agent/kept-state.ts";

/** How an answer ended, as it is stored with the message. */
export interface MessageEnd {
  readonly status: MessageStatus;
  readonly error?: string;
}

/** A row of the list of conversations as the API shows it. */
export function toSummary(row: { id: string; title: string; created_at: Date; updated_at: Date }): ConversationSummary {
  return {
    id: row.id,
    title: row.title,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

interface MessageRow {
  id: string;
  role: "user" | "assistant";
  parts: object[];
  metadata: object;
  created_at: Date;
}

/** A message with what only the server knows of it. */
export interface StoredMessage extends Message {
  readonly state: KeptState | undefined;
}

/** The same row with the state, for the model's history only. */
export function toStoredMessage(row: MessageRow & { model_state: object | null }): StoredMessage {
  return { ...toMessage(row), state: (row.model_state as KeptState | null) ?? undefined };
}

/** Parts and metadata had these types when they were written, and nothing else writes them. */
export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    role: row.role,
    parts: row.parts as MessagePart[],
    metadata: { ...(row.metadata as MessageEnd & { question_id?: string }), created_at: row.created_at.toISOString() },
  };
}
