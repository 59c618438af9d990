import type { DynamicToolUIPart } from "ai";
import { isLookupTool } from "../../tools/describe-calls.ts";
import type { ChatMessage } from "../store/chat-message.ts";

/** What an answer is made of on the page: a stretch of text, or neighbouring calls of one tool. */
export type MessageBlock =
  | { kind: "text"; key: string; text: string }
  | { kind: "tools"; key: string; toolName: string; calls: readonly DynamicToolUIPart[] };

/** Puts neighbouring calls of one tool into one block. Step marks and empty text between them don't separate them. */
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

/** Whether a block looks something up for the next call rather than for the person, so that its tasks are not shown. */
export function isFolded(blocks: readonly MessageBlock[], index: number, ended: boolean): boolean {
  const block = blocks[index];
  if (block?.kind !== "tools" || !isLookupTool(block.toolName)) return false;
  const next = blocks[index + 1];
  return next === undefined ? !ended : next.kind === "tools";
}
