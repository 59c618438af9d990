"use client";

import { startOfDay } from "@taskassistant/dates";
import { useMemo, useState } from "react";
import { ErrorNote } from "../../../lib/errors/error-note.tsx";
import { Button } from "../../../ui/button.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { useWorkspace } from "../../workspace/workspace-context.ts";
import { TaskList } from "../panel/task-list.tsx";
import { words } from "../words.ts";
import styles from "./done-view.module.css";
import { doneSections } from "./sections.ts";
import { useListedTasks } from "./use-listed-tasks.ts";

/** How far back the list goes at first, in days, and how much further each time. */
const FIRST_DAYS = 30;
const FURTHER = 4;

/** What was completed, by day. */
export function DoneView({ heading }: { heading: "h2" | "h3" }) {
  const { today, locale } = useWorkspace();
  const [days, setDays] = useState(FIRST_DAYS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another day begins elsewhere
  const completed_from = useMemo(() => startOfDay(daysAgo(days)).toISOString(), [days, today]);
  const { loading, error, tasks, hidden, again } = useListedTasks({ status: "done", completed_from });
  const sections = useMemo(() => doneSections(tasks, today, locale), [tasks, today, locale]);
  return (
    <>
      {error !== null && <ErrorNote error={error} lead={words.doneFailed} onRetry={again} />}
      {loading && <Skeleton lines={5} />}
      {!loading && error === null && sections.length === 0 && <p className={styles.note}>{words.emptyDone(days)}</p>}
      <TaskList sections={sections} heading={heading} />
      {hidden > 0 ? (
        <p className={styles.note}>{words.moreDone}</p>
      ) : (
        !loading && (
          <Button tone="quiet" className={styles.earlier} onClick={() => setDays(days * FURTHER)}>
            {words.earlier}
          </Button>
        )
      )}
    </>
  );
}

function daysAgo(days: number): Date {
  const day = new Date();
  day.setDate(day.getDate() - days);
  return day;
}
