"use client";

import { CalendarDays, MessageCircle, Search, Sun } from "lucide-react";
import { useTaskPlaces } from "../features/tasks/places-context.ts";
import { useGroupedTasks } from "../features/tasks/tasks-context.ts";
import type { TaskView } from "../features/tasks/views/task-view.ts";
import { words as taskWords } from "../features/tasks/words.ts";
import { Icon } from "../ui/icon.tsx";
import { PlaceLink } from "../ui/place-link.tsx";
import { words as uiWords } from "../ui/words.ts";
import styles from "./bottom-bar.module.css";
import { words } from "./words.ts";

const VIEWS = [
  { view: "today", icon: Sun },
  { view: "upcoming", icon: CalendarDays },
  { view: "search", icon: Search },
] as const;

/** On a phone: the bar within reach of the thumb that selects what is shown. */
export function BottomBar({ view, onChat }: { view: TaskView | null; onChat: () => void }) {
  const { groups } = useGroupedTasks();
  const places = useTaskPlaces();
  const due = groups.overdue.length + groups.today.length;
  return (
    <nav className={styles.bar} aria-label={uiWords.product}>
      <PlaceLink href="/" className={styles.entry} aria-current={view === null ? "page" : undefined} onGo={onChat}>
        <Icon of={MessageCircle} size={20} />
        <span>{words.chat}</span>
      </PlaceLink>
      {VIEWS.map((entry) => (
        <PlaceLink
          key={entry.view}
          href={places.viewAddress(entry.view)}
          className={styles.entry}
          aria-current={view === entry.view ? "page" : undefined}
          onGo={() => places.openView(entry.view)}
        >
          <Icon of={entry.icon} size={20} />
          <span>
            {taskWords.views[entry.view]}
            {entry.view === "today" && due > 0 && <span className={styles.count}> {due}</span>}
          </span>
        </PlaceLink>
      ))}
    </nav>
  );
}
