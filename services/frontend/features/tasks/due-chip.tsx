"use client";

import type { Task } from "@taskassistant/contracts";
import type { LocalDate } from "@taskassistant/dates";
import { Calendar, Flag, Repeat, StickyNote } from "lucide-react";
import { Icon } from "../../ui/icon.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { useWorkspace } from "../workspace/workspace-context.ts";
import styles from "./due-chip.module.css";
import { formatDue, formatTime } from "./format-date.ts";
import { repeatWords } from "./repeat-words.ts";
import { words } from "./words.ts";

interface DueChipProps {
  due: LocalDate;
  /** Local time `HH:MM`. */
  time?: string | null;
  /** The zone of the time. */
  zone?: string | null;
  quiet?: boolean;
}

/** When a task is due, in as few words as possible. */
export function DueChip({ due, time, zone, quiet = false }: DueChipProps) {
  const { today, locale, timeZone } = useWorkspace();
  const urgency = quiet || due > today ? undefined : due < today ? "overdue" : "today";
  return (
    <span className={styles.chip} data-urgency={urgency}>
      <Icon of={Calendar} size={13} />
      {urgency === "overdue" && <VisuallyHidden>{words.groups.overdue}, </VisuallyHidden>}
      <time dateTime={time ? `${due}T${time}` : due}>
        {formatDue(due, today, locale)}
        {time && ` ${formatTime(time, locale, zone, timeZone)}`}
      </time>
    </span>
  );
}

/** How a task repeats. */
export function RepeatChip({ repeat, from }: { repeat: string; from: Task["repeat_from"] }) {
  const { locale } = useWorkspace();
  return (
    <span className={styles.chip}>
      <Icon of={Repeat} size={13} />
      <VisuallyHidden>{words.repeats.label}: </VisuallyHidden>
      {repeatWords(repeat, from, locale)}
    </span>
  );
}

/** The priority of a task, for those that stand out: 1 to 3. */
export function PriorityChip({ priority }: { priority: number }) {
  return (
    <span className={styles.chip} data-priority={priority}>
      <Icon of={Flag} size={13} />
      <VisuallyHidden>{words.priority(priority)}</VisuallyHidden>
      <span aria-hidden="true">{`P${priority}`}</span>
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
