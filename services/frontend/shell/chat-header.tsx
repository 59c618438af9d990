"use client";

import { ChevronDown, ListChecks, Menu as MenuIcon, PanelLeft, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { ModelChip } from "../features/chat/model-chip.tsx";
import { useConversations } from "../features/conversations/conversations-context.ts";
import { DeleteDialog, type NamedConversation } from "../features/conversations/delete-dialog.tsx";
import { words as conversationWords } from "../features/conversations/words.ts";
import { useWorkspace } from "../features/workspace/workspace-context.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import menu from "../ui/menu.module.css";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./chat-header.module.css";
import type { Layout } from "./use-layout.ts";
import { words } from "./words.ts";

interface ChatHeaderProps {
  id: string;
  layout: Layout;
  navOpen: boolean;
  onToggleNav: () => void;
  onShowTasks: () => void;
  onDeleted: () => void;
}

/** The chat's title with its menu, and the buttons that show navigation and tasks. */
export function ChatHeader({ id, layout, navOpen, onToggleNav, onShowTasks, onDeleted }: ChatHeaderProps) {
  const { me } = useWorkspace();
  const { list } = useConversations();
  const [deleting, setDeleting] = useState<NamedConversation | null>(null);
  const conversation = list.find((candidate) => candidate.id === id);
  const narrow = layout === "narrow";

  return (
    <header className={styles.header} data-layout={layout}>
      <IconButton
        label={navOpen ? words.hideNavigation : words.showNavigation}
        aria-expanded={narrow ? undefined : navOpen}
        onClick={onToggleNav}
      >
        <Icon of={narrow ? MenuIcon : PanelLeft} />
      </IconButton>
      {conversation ? (
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger className={styles.title}>
            <h1 dir="auto">{conversation.title || conversationWords.untitled}</h1>
            <Icon of={ChevronDown} />
          </DropdownMenu.Trigger>
          <DropdownMenu.Content className={menu.menu} align={narrow ? "center" : "start"} sideOffset={4}>
            <DropdownMenu.Item
              className={`${menu.item} ${menu.danger}`}
              onSelect={() => setTimeout(() => setDeleting(conversation))}
            >
              <Icon of={Trash2} />
              {conversationWords.deleteThis}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Root>
      ) : (
        <div className={styles.title}>
          <VisuallyHidden>
            <h1>{words.newChat}</h1>
          </VisuallyHidden>
        </div>
      )}
      <div className={styles.right}>
        {me.model.provider === "Demo" && <ModelChip short={narrow && conversation !== undefined} />}
        {layout === "medium" && (
          <IconButton label={words.showTasks} onClick={onShowTasks}>
            <Icon of={ListChecks} />
          </IconButton>
        )}
      </div>
      <DeleteDialog conversation={deleting} onClose={() => setDeleting(null)} onDeleted={onDeleted} />
    </header>
  );
}
