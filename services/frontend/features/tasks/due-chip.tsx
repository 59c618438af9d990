"use client";

import type { LocalDate } from "@taskassistant/dates";
import { Calendar, StickyNote } from "lucide-react";
import { Icon } from "../../ui/icon.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { useWorkspace } from "../workspace/workspace-context.ts";
import styles from "./due-chip.module.css";
import { formatDue } from "./format-date.ts";
import { words } from "./words.ts";

/** When a task is due, in as few words as possible. */
export function DueChip({ due, quiet = false }: { due: LocalDate; quiet?: boolean }) {
  const { today, locale } = useWorkspace();
  const urgency = quiet || due > today ? undefined : due < today ? "overdue" : "today";
  return (
    <span className={styles.chip} data-urgency={urgency}>
      <Icon of={Calendar} size={13} />
      {urgency === "overdue" && <VisuallyHidden>{words.groups.overdue}, </VisuallyHidden>}
      <time dateTime={due}>{formatDue(due, today, locale)}</time>
    </span>
  );
}

/** The first line of a task's notes. */
export function NotesChip({ notes }: { notes: string }) {
  const [first = ""] = notes.trim().split("\n");
  return (
    <span className={styles.chip}>
      <Icon of={StickyNote} size={13} />
      <VisuallyHidden>{words.notes}: </VisuallyHidden>
      <span className={styles.notes}>{first}</span>
    </span>
  );
}
