"use client";

import { SquarePen } from "lucide-react";
import { useChats } from "../features/chat/chats-context.ts";
import { ConversationList } from "../features/conversations/conversation-list.tsx";
import { words as conversationWords } from "../features/conversations/words.ts";
import { AccountMenu } from "../features/settings/account-menu.tsx";
import { useShortcutHint } from "../lib/keyboard.ts";
import { Brand } from "../ui/brand.tsx";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import styles from "./navigation.module.css";
import { words } from "./words.ts";

interface NavigationProps {
  current: string;
  onNew: () => void;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
  onHelp: () => void;
}

/** The left column: a new chat, the existing chats, and the account. */
export function Navigation({ current, onNew, onOpen, onDeleted, onHelp }: NavigationProps) {
  const hint = useShortcutHint();
  const chats = useChats();
  return (
    <nav className={styles.navigation} aria-label={conversationWords.label}>
      <div className={styles.brand}>
        <Brand />
      </div>
      <button type="button" className={styles.entry} onClick={onNew}>
        <Icon of={SquarePen} />
        <span>{words.newChat}</span>
        {hint && (
          <span className={styles.hint} aria-hidden="true">
            <Kbd>C</Kbd>
          </span>
        )}
      </button>
      <ConversationList current={current} onOpen={onOpen} onDeleted={onDeleted} />
      <AccountMenu onHelp={onHelp} isBusy={chats.isAnswering} />
    </nav>
  );
}
