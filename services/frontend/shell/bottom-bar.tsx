"use client";

import { CalendarDays, MessageCircle, Sun } from "lucide-react";
import { useGroupedTasks } from "../features/tasks/tasks-context.ts";
import { Icon } from "../ui/icon.tsx";
import { words as uiWords } from "../ui/words.ts";
import styles from "./bottom-bar.module.css";
import { words } from "./words.ts";

export type Section = "chat" | "today" | "upcoming";

const SECTIONS = [
  { section: "chat", icon: MessageCircle },
  { section: "today", icon: Sun },
  { section: "upcoming", icon: CalendarDays },
] as const;

/** On a phone: the bar within reach of the thumb that selects what is shown. */
export function BottomBar({ section, onSelect }: { section: Section; onSelect: (section: Section) => void }) {
  const { groups } = useGroupedTasks();
  const due = groups.overdue.length + groups.today.length;
  return (
    <nav className={styles.bar} aria-label={uiWords.product}>
      {SECTIONS.map((entry) => (
        <button
          key={entry.section}
          type="button"
          className={styles.entry}
          aria-current={section === entry.section ? "page" : undefined}
          onClick={() => onSelect(entry.section)}
        >
          <Icon of={entry.icon} size={20} />
          <span>
            {words.sections[entry.section]}
            {entry.section === "today" && due > 0 && <span className={styles.count}> {due}</span>}
          </span>
        </button>
      ))}
    </nav>
  );
}
