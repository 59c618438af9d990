"use client";

import { lazy, memo, Suspense } from "react";
import { Button } from "../../../ui/button.tsx";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { ToolCard } from "../../tools/tool-card.tsx";
import { type ChatMessage, textOf } from "../store/chat-message.ts";
import { words } from "../words.ts";
import styles from "./message.module.css";
import { isFolded, toBlocks } from "./message-blocks.ts";
import { Reasoning } from "./reasoning.tsx";

/** Loaded when there is an answer to read: its parser is an eighth of the page's script. */
const Markdown = lazy(async () => ({ default: (await import("./markdown.tsx")).Markdown }));

interface MessageProps {
  message: ChatMessage;
  streaming: boolean;
  /** Asks the same question again. Only for the last answer. */
  onAgain?: (() => void) | undefined;
}

/** The person's words in a bubble, the assistant's as plain text, and what it did as cards. */
export const Message = memo(function Message({ message, streaming, onAgain }: MessageProps) {
  if (message.role === "user") {
    return (
      <div className={styles.user}>
        <VisuallyHidden>{words.you}: </VisuallyHidden>
        {textOf(message)}
      </div>
    );
  }
  const blocks = toBlocks(message.parts, message.metadata?.reasoning_texts);
  const status = message.metadata?.status;
  return (
    <div className={styles.assistant} data-streaming={streaming} aria-busy={streaming}>
      <VisuallyHidden>{words.assistant}: </VisuallyHidden>
      {blocks.map((block, index) =>
        block.kind === "text" ? (
          <Suspense key={block.key} fallback={<div className={styles.unread}>{block.text}</div>}>
            <Markdown text={block.text} />
          </Suspense>
        ) : block.kind === "reasoning" ? (
          <Reasoning key={block.key} text={block.text} />
        ) : (
          <ToolCard
            key={block.key}
            toolName={block.toolName}
            calls={block.calls}
            ended={!streaming}
            folded={isFolded(blocks, index, !streaming)}
          />
        ),
      )}
      {!streaming && blocks.every(({ kind }) => kind === "reasoning") && status === "completed" && (
        <p className={styles.note}>{words.empty}</p>
      )}
      {!streaming && status === "stopped" && (
        <p className={styles.note}>
          {message.metadata?.error ?? words.stopped}
          {onAgain && (
            <Button tone="quiet" className={styles.again} onClick={onAgain}>
              {words.again}
            </Button>
          )}
        </p>
      )}
      {!streaming && status === "limited" && <p className={styles.note}>{message.metadata?.error ?? words.limited}</p>}
    </div>
  );
});
