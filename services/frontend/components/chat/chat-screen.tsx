"use client";

import type { Chat } from "@ai-sdk/react";
import { useCallback, useEffect, useState } from "react";
import type { ChatMessage } from "../../lib/chat/chat-message.ts";
import { ApiError } from "../../lib/data/api-error.ts";
import type { Layout } from "../../lib/hooks/use-layout.ts";
import type { Route } from "../../lib/hooks/use-route.ts";
import { strings } from "../../lib/strings.ts";
import { useSession } from "../shell/session-context.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { Button } from "../ui/button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { ChatHeader } from "./chat-header.tsx";
import styles from "./chat-screen.module.css";
import { ChatView } from "./chat-view.tsx";

type ChatScreenProps = {
  route: Route;
  layout: Layout;
  navOpen: boolean;
  onToggleNav: () => void;
  onShowTasks: () => void;
  onStarted: (id: string) => void;
  onNew: () => void;
};

/** The middle of the page: a new chat, one that is open already, or one loaded from the server. */
export function ChatScreen({ route, onStarted, onNew, ...header }: ChatScreenProps) {
  const { chats } = useWorkspace();
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
    <section className={styles.screen} aria-label={strings.chat.label}>
      <ChatHeader id={route.id} onDeleted={onNew} {...header} />
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
              <p className={styles.missing}>{strings.chat.missing}</p>
              <Button onClick={onNew}>{strings.nav.newChat}</Button>
            </>
          ) : (
            <ErrorNote error={error} lead={strings.chat.loadFailed} onRetry={restore} />
          )}
        </div>
      )}
    </section>
  );
}
