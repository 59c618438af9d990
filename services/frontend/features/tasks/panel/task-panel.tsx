"use client";

import { Archive, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { ErrorNote } from "../../../lib/errors/error-note.tsx";
import { Icon } from "../../../ui/icon.tsx";
import { PlaceLink } from "../../../ui/place-link.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { formatLongDate } from "../format-date.ts";
import { useTaskPlaces } from "../places-context.ts";
import { QuickAdd } from "../quick-add/quick-add.tsx";
import { progressOf } from "../task-groups.ts";
import { useGroupedTasks, useTaskStore } from "../tasks-context.ts";
import { DoneView } from "../views/done-view.tsx";
import { SearchField, SearchResults } from "../views/search-view.tsx";
import { dueSections } from "../views/sections.ts";
import type { TaskView } from "../views/task-view.ts";
import { TrashView } from "../views/trash-view.tsx";
import { words } from "../words.ts";
import { Progress } from "./progress.tsx";
import { TaskList } from "./task-list.tsx";
import styles from "./task-panel.module.css";

interface TaskPanelProps {
  view: TaskView;
  /** As the whole page it has the page's heading; beside the chat the chat has it. */
  main?: boolean;
}

const FOOT = [
  { view: "done", icon: Archive },
  { view: "trash", icon: Trash2 },
] as const;

/** One view of the tasks, as the database has them. */
export function TaskPanel({ view, main = false }: TaskPanelProps) {
  const { today, locale } = useWorkspace();
  const { stale, status, groups } = useGroupedTasks();
  const places = useTaskPlaces();
  const Heading = main ? "h1" : "h2";
  const heading = main ? "h2" : "h3";

  return (
    <section className={styles.panel} aria-labelledby="panel-title" data-view={view}>
      <header className={styles.head}>
        <p className={styles.date} data-stale={stale}>
          <span className={styles.dot} aria-hidden="true" />
          {stale ? words.stale : formatLongDate(today, locale)}
        </p>
        <Heading id="panel-title" className={styles.title}>
          {words.views[view]}
        </Heading>
        {(view === "today" || view === "all") && <Progress {...progressOf(groups)} />}
        {isDue(view) && <QuickAdd />}
        {view === "search" && <SearchField />}
      </header>
      <div className={styles.scroll}>
        {isDue(view) && <DueView view={view} heading={heading} />}
        {view === "done" && <DoneView heading={heading} />}
        {view === "search" && <SearchResults heading={heading} />}
        {view === "trash" && <TrashView />}
        {status === "ready" && isDue(view) && (
          <p className={styles.foot}>
            {FOOT.map((link) => (
              <PlaceLink key={link.view} href={places.viewAddress(link.view)} onGo={() => places.openView(link.view)}>
                <Icon of={link.icon} />
                {words.views[link.view]}
              </PlaceLink>
            ))}
          </p>
        )}
      </div>
    </section>
  );
}

/** What is to be done, as far as the page has it. */
function DueView({ view, heading }: { view: TaskView; heading: "h2" | "h3" }) {
  const { today, locale } = useWorkspace();
  const store = useTaskStore();
  const { status, error, tasks, hidden, groups } = useGroupedTasks();
  const sections = useMemo(() => dueSections(view, groups, today, locale), [view, groups, today, locale]);
  return (
    <>
      {status === "loading" && <Skeleton lines={7} />}
      {status === "failed" && <ErrorNote error={error} lead={words.failed} onRetry={() => void store.refresh(true)} />}
      {status === "ready" && sections.length === 0 && (
        <p className={styles.empty}>{emptyWords(view, tasks.length > 0)}</p>
      )}
      <TaskList sections={sections} heading={heading} />
      {hidden > 0 && view !== "today" && <p className={styles.empty}>{words.more(hidden)}</p>}
    </>
  );
}

function isDue(view: TaskView): boolean {
  return view === "today" || view === "upcoming" || view === "all";
}

function emptyWords(view: TaskView, some: boolean): string {
  if (!some) return words.emptyAll;
  return view === "upcoming" ? words.emptyUpcoming : words.emptyToday;
}
