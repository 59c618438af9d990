"use client";

import type { Task } from "@taskassistant/contracts";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { ErrorNote } from "../../../lib/errors/error-note.tsx";
import { Button } from "../../../ui/button.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { TaskEditor } from "../editor/task-editor.tsx";
import { formatLongDate } from "../format-date.ts";
import { QuickAdd } from "../quick-add/quick-add.tsx";
import { progressOf, type TaskGroupName } from "../task-groups.ts";
import { useGroupedTasks, useTaskStore } from "../tasks-context.ts";
import { TrashDialog } from "../trash/trash-dialog.tsx";
import { words } from "../words.ts";
import { Progress } from "./progress.tsx";
import { TaskGroup } from "./task-group.tsx";
import styles from "./task-panel.module.css";

export type PanelView = "all" | "today" | "upcoming";

const SHOWN: Record<PanelView, readonly TaskGroupName[]> = {
  all: ["overdue", "today", "upcoming", "noDate", "done"],
  today: ["overdue", "today", "done"],
  upcoming: ["upcoming", "noDate"],
};

/** The tasks as the database has them. */
export function TaskPanel({ view }: { view: PanelView }) {
  const { today, locale } = useWorkspace();
  const store = useTaskStore();
  const { status, stale, error, tasks, hidden, groups } = useGroupedTasks();
  const [editing, setEditing] = useState<Task | null>(null);
  const [trash, setTrash] = useState(false);
  // As the whole page it has the page's heading; beside the chat the chat has it.
  const Heading = view === "all" ? "h2" : "h1";
  const close = (id: string) => {
    setEditing(null);
    // Saving may have moved the task to another group: the focus follows it, or stays near if it is gone.
    setTimeout(() => {
      if (document.activeElement === document.body) (document.getElementById(`task-${id}`) ?? quickAdd())?.focus();
    }, 50);
  };
  const names = SHOWN[view];
  const empty = names.every((name) => groups[name].length === 0);

  return (
    <section className={styles.panel} aria-labelledby="panel-title">
      <header className={styles.head}>
        <p className={styles.date} data-stale={stale}>
          <span className={styles.dot} aria-hidden="true" />
          {stale ? words.stale : formatLongDate(today, locale)}
        </p>
        <Heading id="panel-title" className={styles.title}>
          {view === "upcoming" ? words.upcomingTitle : words.title}
        </Heading>
        {view !== "upcoming" && <Progress {...progressOf(groups)} />}
        <QuickAdd />
      </header>
      <div className={styles.scroll}>
        {status === "loading" && <Skeleton lines={7} />}
        {status === "failed" && (
          <ErrorNote error={error} lead={words.failed} onRetry={() => void store.refresh(true)} />
        )}
        {status === "ready" && empty && <p className={styles.empty}>{emptyWords(view, tasks.length)}</p>}
        {names.map((name) => (
          <TaskGroup
            key={name}
            name={name}
            tasks={groups[name]}
            onEdit={setEditing}
            heading={view === "all" ? "h3" : "h2"}
          />
        ))}
        {hidden > 0 && view !== "today" && <p className={styles.empty}>{words.more(hidden)}</p>}
        {status === "ready" && (
          <Button tone="quiet" className={styles.trash} onClick={() => setTrash(true)}>
            <Icon of={Trash2} />
            {words.trash.title}
          </Button>
        )}
      </div>
      {trash && <TrashDialog onClose={() => setTrash(false)} />}
      {editing && <TaskEditor key={editing.id} task={editing} onClose={() => close(editing.id)} />}
    </section>
  );
}

function quickAdd(): HTMLElement | null {
  return document.getElementById("quick-add");
}

function emptyWords(view: PanelView, total: number): string {
  if (total === 0) return words.emptyAll;
  return view === "upcoming" ? words.emptyUpcoming : words.emptyToday;
}
