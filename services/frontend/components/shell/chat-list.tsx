"use client";

import { Trash2 } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { groupConversations } from "../../lib/chat/conversation-groups.ts";
import { strings } from "../../lib/strings.ts";
import { IconButton } from "../ui/button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { Icon } from "../ui/icon.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import styles from "./chat-list.module.css";
import { DeleteChatDialog } from "./delete-chat-dialog.tsx";
import { useWorkspace } from "./workspace-context.ts";

type ChatListProps = { current: string; onOpen: (id: string) => void; onDeleted: (id: string) => void };

/** The chats, grouped by when they were last used. */
export function ChatList({ current, onOpen, onDeleted }: ChatListProps) {
  const { conversations, today, locale } = useWorkspace();
  const { status, error, list } = useSyncExternalStore(
    conversations.subscribe,
    conversations.getSnapshot,
    conversations.getSnapshot,
  );
  const [deleting, setDeleting] = useState<{ id: string; title: string } | null>(null);

  return (
    <div className={styles.list}>
      {status === "loading" && <Skeleton lines={4} />}
      {status === "failed" && <ErrorNote error={error} lead={strings.nav.failed} onRetry={conversations.refresh} />}
      {status === "ready" && list.length === 0 && <p className={styles.empty}>{strings.nav.empty}</p>}
      {groupConversations(list, today, { locale }).map((group) => (
        <section key={group.label} className={styles.group}>
          <h2>{group.label}</h2>
          <ul>
            {group.conversations.map(({ id, title }) => (
              <li key={id} className={styles.row} data-current={id === current}>
                <button
                  type="button"
                  className={styles.open}
                  dir="auto"
                  aria-current={id === current ? "page" : undefined}
                  onClick={() => onOpen(id)}
                >
                  {title || strings.nav.untitled}
                </button>
                <IconButton
                  size="small"
                  className={styles.remove}
                  label={strings.nav.deleteChat(title)}
                  onClick={() => setDeleting({ id, title })}
                >
                  <Icon of={Trash2} size={14} />
                </IconButton>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <DeleteChatDialog chat={deleting} onClose={() => setDeleting(null)} onDeleted={onDeleted} />
    </div>
  );
}
