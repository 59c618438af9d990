"use client";

import { type Chat, useChat } from "@ai-sdk/react";
import { useRef } from "react";
import styles from "./chat-view.module.css";
import { Composer } from "./composer/composer.tsx";
import { JumpToLatest } from "./jump-to-latest.tsx";
import { Message } from "./message/message.tsx";
import { RunError } from "./run-error.tsx";
import { EmptyState } from "./start/empty-state.tsx";
import type { ChatMessage } from "./store/chat-message.ts";
import { useRun } from "./use-run.ts";
import { useStickToBottom } from "./use-stick-to-bottom.ts";
import { useStopKey } from "./use-stop-key.ts";
import { Waiting } from "./waiting.tsx";
import { words } from "./words.ts";

/** How often a streaming answer is drawn, in milliseconds. */
const THROTTLE_MS = 50;

/** One conversation: what was said and done, and the field for the next message. */
export function ChatView({ chat, onStarted }: { chat: Chat<ChatMessage>; onStarted: (id: string) => void }) {
  const { messages, status, error } = useChat({ chat, throttle: THROTTLE_MS });
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { atBottom, toBottom } = useStickToBottom(scroller, content, messages.length > 0);
  const run = useRun(chat, { messages, status, error, onStarted, onSend: toBottom });
  const busy = status === "submitted" || status === "streaming";
  const last = messages.at(-1);
  useStopKey(busy, run.stop);

  return (
    <>
      <div className={styles.scroller} ref={scroller}>
        <div className={styles.content} ref={content}>
          {messages.length === 0 ? (
            <EmptyState onPick={run.send} />
          ) : (
            // The log is never live, or screen readers would read out each token. The status node says when an answer starts
            // and ends.
            <div className={styles.log} role="log" aria-live="off" aria-label={words.transcript}>
              {messages.map((message) => (
                <Message
                  key={message.id}
                  message={message}
                  streaming={busy && message === last}
                  onAgain={!busy && message === last ? run.retry : undefined}
                />
              ))}
              {busy && <Waiting last={last} />}
            </div>
          )}
          {!busy && <RunError error={error} last={last} busy={run.recovering} onRetry={run.retry} />}
        </div>
      </div>
      <div className={styles.dock}>
        {!atBottom && messages.length > 0 && <JumpToLatest onJump={toBottom} />}
        <Composer chatId={chat.id} fresh={messages.length === 0} busy={busy} onSend={run.send} onStop={run.stop} />
      </div>
    </>
  );
}
