"use client";

import { useState } from "react";
import type { ToolCard } from "../../lib/chat/tool-cards.ts";
import type { ToolTask } from "../../lib/chat/tool-results.ts";
import { strings } from "../../lib/strings.ts";
import { useTasks } from "../shell/workspace-context.ts";
import { DueChip } from "../tasks/due-chip.tsx";
import { TaskCheck } from "../tasks/task-check.tsx";
import { useTaskActions } from "../tasks/use-task-actions.ts";
import styles from "./tool-tasks.module.css";

/** So many tasks are shown before "Show all". */
const FIRST = 5;

/** The tasks of a card. As long as a task exists its circle works and shows what the database says now. */
export function ToolTasks({ card: { tasks, kind, more } }: { card: ToolCard }) {
  const [all, setAll] = useState(false);
  const shown = all ? tasks : tasks.slice(0, FIRST);
  return (
    <>
      <ul>
        {shown.map((task, index) => (
          <ToolTaskRow key={task.id ?? index} task={task} gone={kind === "delete"} />
        ))}
      </ul>
      {tasks.length > shown.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {strings.tools.all(tasks.length)}
        </button>
      )}
      {more > 0 && tasks.length === shown.length && <p className={styles.rest}>{strings.tools.more(more)}</p>}
    </>
  );
}

function ToolTaskRow({ task, gone }: { task: ToolTask; gone: boolean }) {
  const { tasks } = useTasks();
  const { setDone } = useTaskActions();
  const live = gone ? undefined : tasks.find((candidate) => candidate.id === task.id);
  const { title, due = null, done = false } = live ?? task;
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
        {due !== null && <DueChip due={due} quiet={gone || done} />}
      </span>
    </li>
  );
}
