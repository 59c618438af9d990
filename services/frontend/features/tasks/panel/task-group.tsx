"use client";

import type { Task } from "@taskassistant/contracts";
import type { TaskGroupName } from "../task-groups.ts";
import { useTasks } from "../tasks-context.ts";
import { words } from "../words.ts";
import styles from "./task-group.module.css";
import { TaskRow } from "./task-row.tsx";

interface TaskGroupProps {
  name: TaskGroupName;
  tasks: readonly Task[];
  onEdit: (task: Task) => void;
  heading: "h2" | "h3";
}

/** A heading with its count and the tasks below it. Draws nothing when there are none. */
export function TaskGroup({ name, tasks, onEdit, heading: Heading }: TaskGroupProps) {
  const { marks, lingering } = useTasks();
  if (tasks.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={`group-${name}`}>
      <Heading id={`group-${name}`} className={styles.title} data-group={name}>
        {words.groups[name]} <span className={styles.count}>{tasks.length}</span>
      </Heading>
      <ul>
        {tasks.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            mark={marks.get(task.id)}
            lingering={lingering.has(task.id)}
            onEdit={onEdit}
          />
        ))}
      </ul>
    </section>
  );
}
