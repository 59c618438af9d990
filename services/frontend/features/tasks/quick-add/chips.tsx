"use client";

import type { Dropped, Part, PartKind, Reading } from "@taskassistant/dates";
import { Calendar, Clock, Flag, Folder, type LucideIcon, Repeat, Tag, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Icon } from "../../../ui/icon.tsx";
import { useWorkspace, type Workspace } from "../../workspace/workspace-context.ts";
import { formatDue, formatTime } from "../format-date.ts";
import { repeatWords } from "../repeat-words.ts";
import { words } from "../words.ts";
import styles from "./quick-add.module.css";
import { namedParts } from "./task-of-text.ts";

interface Chip {
  readonly key: string;
  readonly kind: PartKind;
  readonly icon: LucideIcon;
  readonly said: string;
  readonly parts: readonly Part[];
}

interface ChipsProps {
  reading: Reading;
  /** The names of the person's projects. */
  projects: readonly string[];
  /** The person takes a part back: its words stay in the title. */
  onDrop: (parts: readonly Dropped[]) => void;
}

/** What was understood in the typed line, before it is saved. One key or one click takes a part back. */
export function Chips({ reading, projects, onDrop }: ChipsProps) {
  const workspace = useWorkspace();
  const chips = [...whenChips(reading, workspace), ...nameChips(reading, projects)];
  if (chips.length === 0) return null;
  return (
    <ul className={styles.chips} aria-label={words.recognised}>
      {chips.map(({ key, kind, icon, said, parts }) => {
        const phrase = parts.map(({ text }) => text).join(" ");
        const onKeyDown = (event: KeyboardEvent) => {
          if (event.key !== "Backspace" && event.key !== "Delete") return;
          event.preventDefault();
          onDrop(parts);
        };
        return (
          <li key={key} className={styles.chip} data-kind={kind}>
            <Icon of={icon} size={14} />
            {said}
            {parts.length > 0 && (
              <button
                type="button"
                className={styles.ignore}
                aria-label={words.keepInTitle(said, phrase)}
                title={words.keepInTitle(said, phrase)}
                onKeyDown={onKeyDown}
                onClick={() => onDrop(parts)}
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

/** Of each of these there is one at most. */
function whenChips({ due, time, repeat, priority, parts }: Reading, { today, locale }: Workspace): Chip[] {
  const chip = (kind: PartKind, icon: LucideIcon, said: string | null): Chip[] =>
    said === null ? [] : [{ key: kind, kind, icon, said, parts: parts.filter((part) => part.kind === kind) }];
  return [
    ...chip("date", Calendar, due && words.due(formatDue(due, today, locale))),
    ...chip("time", Clock, time && formatTime(time, locale)),
    ...chip("repeat", Repeat, repeat && repeatWords(repeat.rrule, repeat.from, locale)),
    ...chip("priority", Flag, priority === null ? null : words.priority(priority)),
  ];
}

function nameChips(reading: Reading, projects: readonly string[]): Chip[] {
  return namedParts(reading, projects).map(({ is, name, part }) => ({
    key: `${part.start}`,
    kind: part.kind,
    icon: is === "project" ? Folder : Tag,
    said: is === "project" ? words.inProject(name) : words.tagged(name),
    parts: [part],
  }));
}
