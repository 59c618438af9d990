"use client";

import type { Task } from "@taskassistant/contracts";
import { strings } from "../../lib/strings.ts";
import type { TaskGroupName } from "../../lib/tasks/task-groups.ts";
import { useTasks } from "../shell/workspace-context.ts";
import styles from "./task-group.module.css";
import { TaskRow } from "./task-row.tsx";

type TaskGroupProps = {
  name: TaskGroupName;
  tasks: readonly Task[];
  onEdit: (task: Task) => void;
  heading: "h2" | "h3";
};

/** A heading with its count and the tasks below it; nothing when there are none. */
export function TaskGroup({ name, tasks, onEdit, heading: Heading }: TaskGroupProps) {
  const { marks } = useTasks();
  if (tasks.length === 0) return null;
  return (
    <section className={styles.group} aria-labelledby={`group-${name}`}>
      <Heading id={`group-${name}`} className={styles.title} data-group={name}>
        {strings.tasks[name]} <span className={styles.count}>{tasks.length}</span>
      </Heading>
      <ul>
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} mark={marks.get(task.id)} onEdit={onEdit} />
        ))}
      </ul>
    </section>
  );
}
