"use client";

import type { Dropped, PartKind, Reading } from "@taskassistant/dates";
import { Calendar, Clock, Flag, type LucideIcon, Repeat, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Icon } from "../../../ui/icon.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { formatDue, formatTime } from "../format-date.ts";
import { repeatWords } from "../repeat-words.ts";
import { words } from "../words.ts";
import styles from "./quick-add.module.css";

const ICONS = { date: Calendar, time: Clock, repeat: Repeat, priority: Flag } as const satisfies Partial<
  Record<PartKind, LucideIcon>
>;
const KINDS = Object.keys(ICONS) as (keyof typeof ICONS)[];

interface ChipsProps {
  reading: Reading;
  /** The person takes a part back: its words stay in the title. */
  onDrop: (parts: readonly Dropped[]) => void;
}

/** What was understood in the typed line, before it is saved. One key or one click takes a part back. */
export function Chips({ reading, onDrop }: ChipsProps) {
  const { today, locale } = useWorkspace();
  const { due, time, repeat, priority, parts } = reading;
  const said: Record<keyof typeof ICONS, string | null> = {
    date: due && words.due(formatDue(due, today, locale)),
    time: time && formatTime(time, locale),
    repeat: repeat && repeatWords(repeat.rrule, repeat.from, locale),
    priority: priority === null ? null : words.priority(priority),
  };
  const shown = KINDS.filter((kind) => said[kind] !== null);
  if (shown.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={words.recognised}>
      {shown.map((kind) => {
        const ofKind = parts.filter((part) => part.kind === kind);
        const phrase = ofKind.map(({ text }) => text).join(" ");
        const onKeyDown = (event: KeyboardEvent) => {
          if (event.key !== "Backspace" && event.key !== "Delete") return;
          event.preventDefault();
          onDrop(ofKind);
        };
        return (
          <li key={kind} className={styles.chip} data-kind={kind}>
            <Icon of={ICONS[kind]} size={14} />
            {said[kind]}
            {ofKind.length > 0 && (
              <button
                type="button"
                className={styles.ignore}
                aria-label={words.keepInTitle(said[kind] ?? "", phrase)}
                title={words.keepInTitle(said[kind] ?? "", phrase)}
                onKeyDown={onKeyDown}
                onClick={() => onDrop(ofKind)}
              >
                <Icon of={X} size={14} />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
