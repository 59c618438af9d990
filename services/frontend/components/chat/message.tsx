"use client";

import { memo } from "react";
import type { ChatMessage } from "../../lib/chat/chat-message.ts";
import { isLookup, textOf, toBlocks } from "../../lib/chat/message-blocks.ts";
import { strings } from "../../lib/strings.ts";
import { ToolCard } from "../tools/tool-card.tsx";
import { Button } from "../ui/button.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import { Markdown } from "./markdown.tsx";
import styles from "./message.module.css";

type MessageProps = {
  message: ChatMessage;
  streaming: boolean;
  /** Asks the same again; only for the last answer. */
  onAgain?: (() => void) | undefined;
};

/** The person's words in a bubble; the assistant's as plain text, what it did as cards. */
export const Message = memo(function Message({ message, streaming, onAgain }: MessageProps) {
  if (message.role === "user") {
    return (
      <div className={styles.user}>
        <VisuallyHidden>{strings.chat.you}: </VisuallyHidden>
        {textOf(message)}
      </div>
    );
  }
  const blocks = toBlocks(message.parts);
  const status = message.metadata?.status;
  return (
    <div className={styles.assistant} data-streaming={streaming} aria-busy={streaming}>
      <VisuallyHidden>{strings.chat.assistant}: </VisuallyHidden>
      {blocks.map((block, index) =>
        block.kind === "text" ? (
          <Markdown key={block.key} text={block.text} />
        ) : (
          <ToolCard
            key={block.key}
            toolName={block.toolName}
            calls={block.calls}
            ended={!streaming}
            lookup={isLookup(blocks, index, !streaming)}
          />
        ),
      )}
      {!streaming && blocks.length === 0 && status === "completed" && (
        <p className={styles.note}>{strings.chat.empty}</p>
      )}
      {!streaming && status === "stopped" && (
        <p className={styles.note}>
          {message.metadata?.error ?? strings.chat.stopped}
          {onAgain && (
            <Button tone="quiet" className={styles.again} onClick={onAgain}>
              {strings.chat.again}
            </Button>
          )}
        </p>
      )}
      {!streaming && status === "limited" && (
        <p className={styles.note}>{message.metadata?.error ?? strings.chat.limited}</p>
      )}
    </div>
  );
});
