"use client";

import type { Task } from "@taskassistant/contracts";
import { Check } from "lucide-react";
import { Icon } from "../../ui/icon.tsx";
import { useWorkspace } from "../workspace/workspace-context.ts";
import styles from "./task-check.module.css";
import { words } from "./words.ts";

interface TaskCheckProps {
  task: Pick<Task, "title" | "done" | "due">;
  disabled?: boolean;
  /** -1 in a list whose rows are reached by arrow keys. */
  tabIndex?: -1;
  onChange: (done: boolean, control: HTMLElement) => void;
}

/** The circle that completes and reopens. Overdue and today show as ring and fill, and as words beside it. */
export function TaskCheck({ task, disabled = false, tabIndex, onChange }: TaskCheckProps) {
  const { today } = useWorkspace();
  const urgency =
    task.done || task.due === null || task.due > today ? undefined : task.due < today ? "overdue" : "today";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native checkbox can't hold the tick and the ring
    <button
      type="button"
      role="checkbox"
      aria-checked={task.done}
      aria-label={task.done ? words.reopen(task.title) : words.complete(task.title)}
      className={styles.check}
      disabled={disabled}
      tabIndex={tabIndex}
      data-row-control="check"
      onClick={(event) => onChange(!task.done, event.currentTarget)}
    >
      <span className={styles.ring} data-done={task.done} data-urgency={urgency}>
        <Icon of={Check} size={12} className={styles.tick} />
      </span>
    </button>
  );
}
