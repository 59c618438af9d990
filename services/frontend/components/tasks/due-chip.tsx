"use client";

import { Calendar, StickyNote } from "lucide-react";
import { formatDue } from "../../lib/dates/format.ts";
import type { LocalDate } from "../../lib/dates/local-date.ts";
import { strings } from "../../lib/strings.ts";
import { useWorkspace } from "../shell/workspace-context.ts";
import { Icon } from "../ui/icon.tsx";
import { VisuallyHidden } from "../ui/visually-hidden.tsx";
import styles from "./due-chip.module.css";

/** When a task is due, in as few words as possible. */
export function DueChip({ due, quiet = false }: { due: LocalDate; quiet?: boolean }) {
  const { today, locale } = useWorkspace();
  const urgency = quiet || due > today ? undefined : due < today ? "overdue" : "today";
  return (
    <span className={styles.chip} data-urgency={urgency}>
      <Icon of={Calendar} size={13} />
      {urgency === "overdue" && <VisuallyHidden>{strings.tasks.overdue}, </VisuallyHidden>}
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
      <VisuallyHidden>{strings.tasks.hasNotes}: </VisuallyHidden>
      <span className={styles.notes}>{first}</span>
    </span>
  );
}
