"use client";

import type { Task } from "@taskassistant/contracts";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { useTaskPlaces } from "../places-context.ts";
import { LINGER_MS } from "../store/task-store.ts";
import { useTasks } from "../tasks-context.ts";
import { useSeveralActions } from "../use-several-actions.ts";
import { useTaskActions } from "../use-task-actions.ts";
import type { TaskSection as Section } from "../views/sections.ts";
import { words } from "../words.ts";
import { keepFocus } from "./keep-focus.ts";
import { SelectionBar } from "./selection-bar.tsx";
import styles from "./task-list.module.css";
import { TaskSection } from "./task-section.tsx";
import { useRowKeys } from "./use-row-keys.ts";

interface TaskListProps {
  sections: readonly Section[];
  heading: "h2" | "h3";
}

const NONE: readonly Section[] = [];
const NOTHING: ReadonlySet<string> = new Set();

/** Sections of tasks as one list: one stop of Tab, keys for what people do most, and several tasks selected at once. */
export function TaskList({ sections: latest, heading }: TaskListProps) {
  // A long list is drawn bit by bit, so that a click or a key is answered at once.
  const sections = useDeferredValue(latest, NONE);
  const { today } = useWorkspace();
  const { lingering } = useTasks();
  const places = useTaskPlaces();
  const actions = useTaskActions();
  const several = useSeveralActions();
  const [selection, setSelection] = useState<ReadonlySet<string> | null>(null);
  const tasks = useMemo(() => new Map(sections.flatMap((section) => section.tasks.map((t) => [t.id, t]))), [sections]);
  const ids = useMemo(() => [...tasks.keys()], [tasks]);

  const select = useCallback((id: string) => {
    setSelection((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const withTask = (act: (task: Task, control: HTMLElement) => void) => (id: string, control: HTMLElement) => {
    const task = tasks.get(id);
    if (task !== undefined && !id.startsWith("draft-")) act(task, control);
  };
  const { tabStop, onFocus, onKeyDown } = useRowKeys(ids, {
    edit: places.openTask,
    select,
    complete: withTask((task, control) => {
      if (lingering.has(task.id)) return;
      keepFocus(control, "quick-add", task.done ? 0 : LINGER_MS);
      void actions.setDone(task, !task.done);
    }),
    remove: withTask((task, control) => {
      keepFocus(control, "quick-add");
      void actions.remove(task);
    }),
    today: (id) => {
      const task = tasks.get(id);
      if (task !== undefined && task.due !== today) void several.move([task], today, words.dates.today.toLowerCase());
    },
  });
  const selected = useMemo(() => {
    if (selection === null) return null;
    return [...selection].flatMap((id) => tasks.get(id) ?? []);
  }, [selection, tasks]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the rows come together here
    <div className={styles.list} data-selecting={selection !== null} onFocus={onFocus} onKeyDown={onKeyDown}>
      <VisuallyHidden>
        <p>{words.keysHint}</p>
      </VisuallyHidden>
      {sections.map((section) => (
        <TaskSection
          key={section.id}
          section={section}
          heading={heading}
          tabStop={tabStop !== undefined && section.tasks.some(({ id }) => id === tabStop) ? tabStop : undefined}
          selected={selection ?? NOTHING}
          onSelect={select}
          action={
            section.overdue && (
              <Button
                tone="quiet"
                className={styles.reschedule}
                aria-label={words.rescheduleOverdueOf(section.tasks.length)}
                onClick={() => void several.move(section.tasks, today, words.dates.today.toLowerCase())}
              >
                {words.rescheduleOverdue}
              </Button>
            )
          }
        />
      ))}
      {selected !== null ? (
        <SelectionBar
          tasks={selected}
          onAll={() => setSelection(new Set(ids.filter((id) => !id.startsWith("draft-"))))}
          onEnd={() => setSelection(null)}
        />
      ) : (
        ids.length > 1 && (
          <Button tone="quiet" className={styles.select} onClick={() => setSelection(new Set())}>
            {words.selectSome}
          </Button>
        )
      )}
    </div>
  );
}
