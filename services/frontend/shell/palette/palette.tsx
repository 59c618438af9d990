"use client";

import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { useConversations } from "../../features/conversations/conversations-context.ts";
import { words as conversationWords } from "../../features/conversations/words.ts";
import { useTaskPlaces } from "../../features/tasks/places-context.ts";
import { useTasks } from "../../features/tasks/tasks-context.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { words } from "../words.ts";
import { findEntries, type PaletteEntry, searchEntry } from "./entries.ts";
import styles from "./palette.module.css";

interface PaletteProps {
  actions: readonly PaletteEntry[];
  onChat: (id: string) => void;
  onSearch: (query: string) => void;
  onClose: () => void;
}

/** Finds actions, tasks and chats by what is typed (a combobox with a list). */
export function Palette({ actions, onChat, onSearch, onClose }: PaletteProps) {
  const { tasks } = useTasks();
  const { list } = useConversations();
  const places = useTaskPlaces();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const groups = useMemo(() => {
    const found = findEntries(
      [
        { title: words.palette.actions, entries: actions },
        {
          title: words.palette.tasks,
          entries: tasks
            .filter(({ id, done }) => !done && !id.startsWith("draft-"))
            .map(({ id, title }) => ({ id, label: title, run: () => places.openTask(id) })),
        },
        {
          title: words.palette.chats,
          entries: list.map(({ id, title }) => ({
            id,
            label: title || conversationWords.untitled,
            run: () => onChat(id),
          })),
        },
      ],
      text,
    );
    const query = text.trim();
    if (query === "") return found;
    return [...found, { title: words.palette.search, entries: [searchEntry(query, onSearch)] }];
  }, [actions, tasks, list, places, text, onChat, onSearch]);
  const entries = groups.flatMap((group) => group.entries);
  const active = entries[Math.min(at, entries.length - 1)];
  const optionId = (entry: PaletteEntry) => `${listId}-${entry.id}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: when another entry is active
  useEffect(() => {
    if (active) document.getElementById(optionId(active))?.scrollIntoView({ block: "nearest" });
  }, [active?.id]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((Math.min(at, entries.length - 1) + step + entries.length) % entries.length);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      active?.run();
    }
  };

  return (
    <Dialog open onClose={onClose} title={words.palette.title} place="top" quietTitle>
      <input
        className={styles.field}
        data-autofocus=""
        role="combobox"
        aria-label={words.palette.label}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={active && optionId(active)}
        placeholder={words.palette.label}
        value={text}
        dir="auto"
        autoComplete="off"
        enterKeyHint="go"
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={listId} role="listbox" aria-label={words.palette.title} className={styles.list} tabIndex={-1}>
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
          <div key={group.title} role="group" aria-label={group.title}>
            <div className={styles.title} aria-hidden="true">
              {group.title}
            </div>
            {group.entries.map((entry) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
              <div
                key={entry.id}
                id={optionId(entry)}
                role="option"
                tabIndex={-1}
                aria-selected={entry === active}
                className={styles.entry}
                dir="auto"
                onMouseMove={() => setAt(entries.indexOf(entry))}
                onClick={entry.run}
              >
                {entry.label}
              </div>
            ))}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
