import type { DynamicToolUIPart } from "ai";
import type { ChatMessage } from "./chat-message.ts";

/** What an answer is made of on the page: a stretch of text, or neighbouring calls of one tool. */
export type MessageBlock =
  | { kind: "text"; key: string; text: string }
  | { kind: "tools"; key: string; toolName: string; calls: readonly DynamicToolUIPart[] };

/** Puts neighbouring calls of the same tool into one block; step marks and empty text between them don't part them. */
export function toBlocks(parts: ChatMessage["parts"]): MessageBlock[] {
  const blocks: MessageBlock[] = [];
  for (const [index, part] of parts.entries()) {
    const last = blocks.at(-1);
    if (part.type === "text" && part.text.trim() !== "") {
      blocks.push({ kind: "text", key: `text-${index}`, text: part.text });
    } else if (part.type === "dynamic-tool") {
      const joins = last?.kind === "tools" && last.toolName === part.toolName;
      if (joins) blocks[blocks.length - 1] = { ...last, calls: [...last.calls, part] };
      else blocks.push({ kind: "tools", key: part.toolCallId, toolName: part.toolName, calls: [part] });
    }
  }
  return blocks;
}

/** Whether a block is a look-up for what comes next rather than an answer: its tasks are not worth their room. */
export function isLookup(blocks: readonly MessageBlock[], index: number, ended: boolean): boolean {
  const block = blocks[index];
  if (block?.kind !== "tools" || block.toolName !== "list_tasks") return false;
  const next = blocks[index + 1];
  return next === undefined ? !ended : next.kind === "tools";
}

/** The plain text of a message, what is copied or sent again. */
export function textOf(message: Pick<ChatMessage, "parts">): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}
