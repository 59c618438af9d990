"use client";

import { SquarePen } from "lucide-react";
import { strings } from "../../lib/strings.ts";
import { Brand } from "../ui/brand.tsx";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ChatList } from "./chat-list.tsx";
import styles from "./navigation.module.css";
import { useShortcutHint } from "./use-shortcuts.ts";

type NavigationProps = {
  current: string;
  onNew: () => void;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
  onHelp: () => void;
};

/** The left column: a new chat, the chats there are, the account. */
export function Navigation({ current, onNew, onOpen, onDeleted, onHelp }: NavigationProps) {
  const hint = useShortcutHint();
  return (
    <nav className={styles.navigation} aria-label={strings.nav.label}>
      <div className={styles.brand}>
        <Brand />
      </div>
      <button type="button" className={styles.entry} onClick={onNew}>
        <Icon of={SquarePen} />
        <span>{strings.nav.newChat}</span>
        {hint && (
          <span className={styles.hint} aria-hidden="true">
            <Kbd>C</Kbd>
          </span>
        )}
      </button>
      <ChatList current={current} onOpen={onOpen} onDeleted={onDeleted} />
      <AccountMenu onHelp={onHelp} />
    </nav>
  );
}
