import type { DynamicToolUIPart } from "ai";
import { isLookupTool } from "../../tools/describe-calls.ts";
import type { ChatMessage } from "../store/chat-message.ts";

/** What an answer is made of on the page: a stretch of text or of reasoning, or neighbouring calls of one tool. */
export type MessageBlock =
  | { kind: "text"; key: string; text: string }
  | { kind: "reasoning"; key: string; text: string }
  | { kind: "tools"; key: string; toolName: string; calls: readonly DynamicToolUIPart[] };

/**
 * Puts neighbouring calls of one tool into one block. Step marks, empty text and reasoning between them don't separate them.
 * `reasoningTexts` counts the text parts, from 0, that turned out to be reasoning after they were streamed.
 */
export function toBlocks(parts: ChatMessage["parts"], reasoningTexts: readonly number[] = []): MessageBlock[] {
  const blocks: MessageBlock[] = [];
  let texts = 0;
  for (const [index, part] of parts.entries()) {
    const last = blocks.findLast(({ kind }) => kind !== "reasoning");
    const thought = part.type === "reasoning" || (part.type === "text" && reasoningTexts.includes(texts));
    if (part.type === "text") texts += 1;
    if ((part.type === "text" || part.type === "reasoning") && part.text.trim() !== "") {
      blocks.push({ kind: thought ? "reasoning" : "text", key: `${part.type}-${index}`, text: part.text });
    } else if (part.type === "dynamic-tool") {
      const joins = last?.kind === "tools" && last.toolName === part.toolName;
      if (joins) blocks[blocks.indexOf(last)] = { ...last, calls: [...last.calls, part] };
      else blocks.push({ kind: "tools", key: part.toolCallId, toolName: part.toolName, calls: [part] });
    }
  }
  return blocks;
}

/** Whether a block looks something up for the next call rather than for the person, so that its tasks are not shown. */
export function isFolded(blocks: readonly MessageBlock[], index: number, ended: boolean): boolean {
  const block = blocks[index];
  if (block?.kind !== "tools" || !isLookupTool(block.toolName)) return false;
  const next = blocks.slice(index + 1).find(({ kind }) => kind !== "reasoning");
  return next === undefined ? !ended : next.kind === "tools";
}
