import type { Message, MessageStatus } from "@taskassistant/contracts";
import type { UIMessage } from "ai";

export interface MessageMetadata {
  created_at?: string;
  status?: MessageStatus;
  error?: string | undefined;
  retry_after?: number;
  /** Places, among the text parts, of those that turned out to be reasoning. */
  reasoning_texts?: readonly number[];
}

/** A message as the AI SDK keeps it, with our metadata. */
export type ChatMessage = UIMessage<MessageMetadata>;

/** A stored message, ready to be shown. The stored parts already have the SDK's shape. */
export function toChatMessage(message: Message): ChatMessage {
  return { ...message, parts: message.parts as ChatMessage["parts"] };
}

/** The plain text of a message: what is sent, and sent again. */
export function textOf(message: Pick<ChatMessage, "parts">): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}
