"use client";

import { Trash2 } from "lucide-react";
import { useState } from "react";
import { ErrorNote } from "../../lib/errors/error-note.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { PlaceLink } from "../../ui/place-link.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useWorkspace } from "../workspace/workspace-context.ts";
import { chatAddress } from "./chat-address.ts";
import { groupConversations } from "./conversation-groups.ts";
import styles from "./conversation-list.module.css";
import { useConversationStore, useConversations } from "./conversations-context.ts";
import { DeleteDialog, type NamedConversation } from "./delete-dialog.tsx";
import { words } from "./words.ts";

interface ConversationListProps {
  current: string;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
}

/** The conversations, grouped by when they were last used. */
export function ConversationList({ current, onOpen, onDeleted }: ConversationListProps) {
  const { today, locale } = useWorkspace();
  const { refresh } = useConversationStore();
  const { status, error, list } = useConversations();
  const [deleting, setDeleting] = useState<NamedConversation | null>(null);

  return (
    <div className={styles.list}>
      {status === "loading" && <Skeleton lines={4} />}
      {status === "failed" && <ErrorNote error={error} lead={words.failed} onRetry={refresh} />}
      {status === "ready" && list.length === 0 && <p className={styles.empty}>{words.empty}</p>}
      {groupConversations(list, today, { locale }).map((group) => (
        <section key={group.label} className={styles.group}>
          <h2>{group.label}</h2>
          <ul>
            {group.conversations.map(({ id, title }) => (
              <li key={id} className={styles.row} data-current={id === current}>
                <PlaceLink
                  href={chatAddress(id)}
                  className={styles.open}
                  dir="auto"
                  aria-current={id === current ? "page" : undefined}
                  onGo={() => onOpen(id)}
                >
                  {title || words.untitled}
                </PlaceLink>
                <IconButton
                  size="small"
                  className={styles.remove}
                  label={words.deleteNamed(title)}
                  onClick={() => setDeleting({ id, title })}
                >
                  <Icon of={Trash2} size={14} />
                </IconButton>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <DeleteDialog conversation={deleting} onClose={() => setDeleting(null)} onDeleted={onDeleted} />
    </div>
  );
}
