"use client";

import { type Chat, useChat } from "@ai-sdk/react";
import { useRef } from "react";
import type { ChatMessage } from "../../lib/chat/chat-message.ts";
import { useStickToBottom } from "../../lib/hooks/use-stick-to-bottom.ts";
import { strings } from "../../lib/strings.ts";
import styles from "./chat-view.module.css";
import { Composer } from "./composer.tsx";
import { EmptyState } from "./empty-state.tsx";
import { JumpToLatest } from "./jump-to-latest.tsx";
import { Message } from "./message.tsx";
import { TurnError } from "./turn-error.tsx";
import { useStopKey } from "./use-stop-key.ts";
import { useTurn } from "./use-turn.ts";
import { Waiting } from "./waiting.tsx";

/** How often a streaming answer is drawn, in milliseconds. */
const THROTTLE_MS = 50;

/** One conversation: what was said and done, and the field for what comes next. */
export function ChatView({ chat, onStarted }: { chat: Chat<ChatMessage>; onStarted: (id: string) => void }) {
  const { messages, status, error } = useChat({ chat, throttle: THROTTLE_MS });
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { atBottom, toBottom } = useStickToBottom(scroller, content, messages.length > 0);
  const turn = useTurn(chat, { messages, status, error, onStarted, onSend: toBottom });
  const busy = status === "submitted" || status === "streaming";
  const last = messages.at(-1);
  useStopKey(busy, turn.stop);

  return (
    <>
      <div className={styles.scroller} ref={scroller}>
        <div className={styles.content} ref={content}>
          {messages.length === 0 ? (
            <EmptyState onPick={turn.send} />
          ) : (
            // The log is never live: tokens must not be read out. The status node says when a turn starts and ends.
            <div className={styles.log} role="log" aria-live="off" aria-label={strings.chat.transcript}>
              {messages.map((message) => (
                <Message
                  key={message.id}
                  message={message}
                  streaming={busy && message === last}
                  onAgain={!busy && message === last ? turn.retry : undefined}
                />
              ))}
              {busy && <Waiting last={last} />}
            </div>
          )}
          {!busy && <TurnError error={error} last={last} busy={turn.recovering} onRetry={turn.retry} />}
        </div>
      </div>
      <div className={styles.dock}>
        {!atBottom && messages.length > 0 && <JumpToLatest onJump={toBottom} />}
        <Composer chatId={chat.id} fresh={messages.length === 0} busy={busy} onSend={turn.send} onStop={turn.stop} />
      </div>
    </>
  );
}
