"use client";

import { ChevronDown, ListChecks, Menu as MenuIcon, PanelLeft, Trash2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useState, useSyncExternalStore } from "react";
import type { Layout } from "../../lib/hooks/use-layout.ts";
import { strings } from "../../lib/strings.ts";
import { DeleteChatDialog } from "../shell/delete-chat-dialog.tsx";
import { useWorkspace } from "../shell/workspace-context.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import menu from "../ui/menu.module.css";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./chat-header.module.css";
import { ModelChip } from "./model-chip.tsx";

type ChatHeaderProps = {
  id: string;
  layout: Layout;
  navOpen: boolean;
  onToggleNav: () => void;
  onShowTasks: () => void;
  onDeleted: () => void;
};

/** The chat's title with its menu, and the ways to navigation and tasks. */
export function ChatHeader({ id, layout, navOpen, onToggleNav, onShowTasks, onDeleted }: ChatHeaderProps) {
  const { conversations, me } = useWorkspace();
  const { list } = useSyncExternalStore(conversations.subscribe, conversations.getSnapshot, conversations.getSnapshot);
  const [deleting, setDeleting] = useState<{ id: string; title: string } | null>(null);
  const conversation = list.find((candidate) => candidate.id === id);
  const narrow = layout === "narrow";

  return (
    <header className={styles.header} data-layout={layout}>
      <IconButton
        label={navOpen ? strings.nav.hide : strings.nav.show}
        aria-expanded={narrow ? undefined : navOpen}
        onClick={onToggleNav}
      >
        <Icon of={narrow ? MenuIcon : PanelLeft} />
      </IconButton>
      {conversation ? (
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger className={styles.title}>
            <h1 dir="auto">{conversation.title || strings.nav.untitled}</h1>
            <Icon of={ChevronDown} />
          </DropdownMenu.Trigger>
          <DropdownMenu.Content className={menu.menu} align={narrow ? "center" : "start"} sideOffset={4}>
            <DropdownMenu.Item
              className={`${menu.item} ${menu.danger}`}
              onSelect={() => setTimeout(() => setDeleting(conversation))}
            >
              <Icon of={Trash2} />
              {strings.nav.deleteThis}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Root>
      ) : (
        <div className={styles.title}>
          <VisuallyHidden>
            <h1>{strings.nav.newChat}</h1>
          </VisuallyHidden>
        </div>
      )}
      <div className={styles.right}>
        {me.model.provider === "Demo" && <ModelChip short={narrow && conversation !== undefined} />}
        {layout === "medium" && (
          <IconButton label={strings.tasks.open} onClick={onShowTasks}>
            <Icon of={ListChecks} />
          </IconButton>
        )}
      </div>
      <DeleteChatDialog chat={deleting} onClose={() => setDeleting(null)} onDeleted={onDeleted} />
    </header>
  );
}
