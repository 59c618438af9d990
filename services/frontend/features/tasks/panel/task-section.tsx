"use client";

import { memo, type ReactNode } from "react";
import { useTaskPlaces } from "../places-context.ts";
import { useTasks } from "../tasks-context.ts";
import type { TaskSection as Section } from "../views/sections.ts";
import { TaskRow } from "./task-row.tsx";
import styles from "./task-section.module.css";

interface TaskSectionProps {
  section: Section;
  heading: "h2" | "h3";
  /** The task to which Tab leads. */
  tabStop: string | undefined;
  selected: ReadonlySet<string>;
  onSelect: (id: string) => void;
  /** What can be done with the whole section. */
  action?: ReactNode;
}

/** A heading that stays in sight, with its count, and the tasks below it. */
export const TaskSection = memo(function TaskSection(props: TaskSectionProps) {
  const { section, heading: Heading, tabStop, selected, onSelect, action } = props;
  const { marks, lingering } = useTasks();
  const places = useTaskPlaces();
  return (
    <section className={styles.section} aria-labelledby={`tasks-${section.id}`}>
      <div className={styles.head}>
        <Heading id={`tasks-${section.id}`} className={styles.title} data-overdue={section.overdue}>
          {section.title} {!section.counted && <span className={styles.count}>{section.tasks.length}</span>}
        </Heading>
        {action}
      </div>
      <ul>
        {section.tasks.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            mark={marks.get(task.id)}
            lingering={lingering.has(task.id)}
            tabStop={task.id === tabStop}
            selected={selected.has(task.id)}
            places={places}
            onSelect={onSelect}
          />
        ))}
      </ul>
    </section>
  );
});
