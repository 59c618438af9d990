"use client";

import { Archive, CalendarDays, Command, Inbox, Search, SquarePen, Sun, Trash2 } from "lucide-react";
import { useChats } from "../features/chat/chats-context.ts";
import { ConversationList } from "../features/conversations/conversation-list.tsx";
import { words as conversationWords } from "../features/conversations/words.ts";
import { AccountMenu } from "../features/settings/account-menu.tsx";
import { useTaskPlaces } from "../features/tasks/places-context.ts";
import { useGroupedTasks } from "../features/tasks/tasks-context.ts";
import type { TaskView } from "../features/tasks/views/task-view.ts";
import { words as taskWords } from "../features/tasks/words.ts";
import { commandKey, hasKeyboard, useShortcutHint } from "../lib/keyboard.ts";
import { Brand } from "../ui/brand.tsx";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { PlaceLink } from "../ui/place-link.tsx";
import styles from "./navigation.module.css";
import { words } from "./words.ts";

const VIEWS = [
  { view: "search", icon: Search },
  { view: "today", icon: Sun },
  { view: "upcoming", icon: CalendarDays },
  { view: "all", icon: Inbox },
  { view: "done", icon: Archive },
  { view: "trash", icon: Trash2 },
] as const;

interface NavigationProps {
  current: string;
  view: TaskView | null;
  onNew: () => void;
  onOpen: (id: string) => void;
  onDeleted: (id: string) => void;
  onHelp: () => void;
  onPalette: () => void;
}

/** The left column: a new chat, the views of the tasks, the existing chats, and the account. */
export function Navigation({ current, view, onNew, onOpen, onDeleted, onHelp, onPalette }: NavigationProps) {
  const hint = useShortcutHint();
  const chats = useChats();
  const places = useTaskPlaces();
  const { groups, hidden } = useGroupedTasks();
  const due = groups.overdue.length + groups.today.length;
  const counts: Partial<Record<TaskView, number>> = {
    today: due,
    upcoming: groups.upcoming.length,
    all: due + groups.upcoming.length + groups.noDate.length + hidden,
  };
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
      <button type="button" className={styles.entry} onClick={onPalette}>
        <Icon of={Command} />
        <span>{words.palette.title}</span>
        {hasKeyboard() && (
          <span className={styles.hint} aria-hidden="true">
            <Kbd>{`${commandKey()} K`}</Kbd>
          </span>
        )}
      </button>
      <ul className={styles.views}>
        {VIEWS.map((entry) => {
          const count = counts[entry.view] ?? 0;
          return (
            <li key={entry.view}>
              <PlaceLink
                href={places.viewAddress(entry.view)}
                className={styles.entry}
                aria-current={view === entry.view ? "page" : undefined}
                onGo={() => places.openView(entry.view)}
              >
                <Icon of={entry.icon} />
                <span>{taskWords.views[entry.view]}</span>
                {count > 0 && (
                  <span className={styles.count} data-overdue={entry.view === "today" && groups.overdue.length > 0}>
                    {count}
                  </span>
                )}
              </PlaceLink>
            </li>
          );
        })}
      </ul>
      <ConversationList current={current} onOpen={onOpen} onDeleted={onDeleted} />
      <AccountMenu onHelp={onHelp} isBusy={chats.isAnswering} />
    </nav>
  );
}
