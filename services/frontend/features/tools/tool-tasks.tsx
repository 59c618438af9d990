"use client";

import { useState } from "react";
import { DueChip } from "../tasks/due-chip.tsx";
import { TaskCheck } from "../tasks/task-check.tsx";
import { useTasks } from "../tasks/tasks-context.ts";
import { useTaskActions } from "../tasks/use-task-actions.ts";
import type { CardView } from "./describe-calls.ts";
import styles from "./tool-tasks.module.css";
import { words } from "./words.ts";

/** Number of tasks shown before "Show all". */
const FIRST_SHOWN = 5;

type CardTask = CardView["tasks"][number];

/** The tasks of a card. As long as a task exists, its circle works and shows what the database says now. */
export function ToolTasks({ card: { tasks, gone, more } }: { card: CardView }) {
  const [all, setAll] = useState(false);
  const shown = all ? tasks : tasks.slice(0, FIRST_SHOWN);
  return (
    <>
      <ul>
        {shown.map((task) => (
          <ToolTaskRow key={task.id} task={task} gone={gone} />
        ))}
      </ul>
      {tasks.length > shown.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {words.all(tasks.length)}
        </button>
      )}
      {more > 0 && tasks.length === shown.length && <p className={styles.rest}>{words.more(more)}</p>}
    </>
  );
}

function ToolTaskRow({ task, gone }: { task: CardTask; gone: boolean }) {
  const { tasks } = useTasks();
  const { setDone } = useTaskActions();
  const live = gone ? undefined : tasks.find((candidate) => candidate.id === task.id);
  const { title, due = null, due_time, due_zone, done = false } = live ?? task;
  return (
    <li className={styles.row} data-done={done}>
      {live ? (
        <TaskCheck task={live} onChange={(next) => void setDone(live, next)} />
      ) : (
        <span className={styles.dot} aria-hidden="true" />
      )}
      <span className={styles.body}>
        <span className={styles.title} dir="auto">
          {title}
        </span>
        {due !== null && <DueChip due={due} time={due_time} zone={due_zone} quiet={gone || done} />}
      </span>
    </li>
  );
}
