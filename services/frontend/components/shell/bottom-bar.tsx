"use client";

import { CalendarDays, MessageCircle, Sun } from "lucide-react";
import { strings } from "../../lib/strings.ts";
import { Icon } from "../ui/icon.tsx";
import styles from "./bottom-bar.module.css";
import { useGroupedTasks } from "./workspace-context.ts";

export type Section = "chat" | "today" | "upcoming";

const SECTIONS = [
  { section: "chat", icon: MessageCircle, label: strings.chat.label },
  { section: "today", icon: Sun, label: strings.tasks.today },
  { section: "upcoming", icon: CalendarDays, label: strings.tasks.upcoming },
] as const;

/** On a phone: where the thumb is, what is shown. */
export function BottomBar({ section, onSelect }: { section: Section; onSelect: (section: Section) => void }) {
  const { groups } = useGroupedTasks();
  const due = groups.overdue.length + groups.today.length;
  return (
    <nav className={styles.bar} aria-label={strings.product}>
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
            {entry.label}
            {entry.section === "today" && due > 0 && <span className={styles.count}> {due}</span>}
          </span>
        </button>
      ))}
    </nav>
  );
}
