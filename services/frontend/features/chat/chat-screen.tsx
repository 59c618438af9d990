"use client";

import type { Chat } from "@ai-sdk/react";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { ApiError } from "../../lib/errors/api-error.ts";
import { ErrorNote } from "../../lib/errors/error-note.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useSession } from "../session/session-context.ts";
import styles from "./chat-screen.module.css";
import { ChatView } from "./chat-view.tsx";
import { useChats } from "./chats-context.ts";
import type { ChatMessage } from "./store/chat-message.ts";
import { words } from "./words.ts";

interface ChatScreenProps {
  /** The chat to show. `fresh`: it begins here and the server does not know it yet. */
  route: { id: string; fresh: boolean };
  header: ReactNode;
  /** The first message was sent. */
  onStarted: (id: string) => void;
  onNew: () => void;
}

/** The middle of the page: a new chat, one that is already open, or one loaded from the server. */
export function ChatScreen({ route, header, onStarted, onNew }: ChatScreenProps) {
  const chats = useChats();
  const session = useSession();
  const [chat, setChat] = useState<Chat<ChatMessage> | null>(() =>
    route.fresh ? chats.start(route.id) : chats.peek(route.id),
  );
  const [error, setError] = useState<unknown>(null);

  const restore = useCallback(() => {
    setError(null);
    chats.restore(route.id).then(setChat, setError);
  }, [chats, route.id]);
  useEffect(() => {
    if (chat === null) restore();
  }, [chat, restore]);
  useEffect(() => (error === null ? undefined : session.whenBack(restore)), [error, session, restore]);

  const missing = error instanceof ApiError && error.status === 404;
  return (
    <section className={styles.screen} aria-label={words.label}>
      {header}
      {chat && <ChatView chat={chat} onStarted={onStarted} />}
      {chat === null && error === null && (
        <div className={styles.middle}>
          <Skeleton lines={5} />
        </div>
      )}
      {chat === null && error !== null && (
        <div className={styles.middle}>
          {missing ? (
            <>
              <p className={styles.missing}>{words.missing}</p>
              <Button onClick={onNew}>{words.newChat}</Button>
            </>
          ) : (
            <ErrorNote error={error} lead={words.loadFailed} onRetry={restore} />
          )}
        </div>
      )}
    </section>
  );
}
