"use client";

import type { TrashPage } from "@taskassistant/contracts";
import { TRASH_DAYS } from "@taskassistant/contracts/limits";
import { useCallback, useEffect, useRef, useState } from "react";
import { ErrorNote } from "../../../lib/errors/error-note.tsx";
import { explain } from "../../../lib/errors/explain.ts";
import { Button } from "../../../ui/button.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { useToast } from "../../../ui/toasts.tsx";
import { useTaskStore, useTasks } from "../tasks-context.ts";
import { words } from "../words.ts";
import { readTrash } from "./trash-pages.ts";
import styles from "./trash-view.module.css";

/** What was deleted, with a way back for each task and one for good for all of them. */
export function TrashView() {
  const store = useTaskStore();
  const { tasks } = useTasks();
  const toast = useToast();
  const [page, setPage] = useState<TrashPage | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(false);

  const shown = useRef(0);
  useEffect(() => {
    shown.current = page?.tasks.length ?? 0;
  });

  /** Reads what is shown again, and with `more` the page after it. */
  const load = useCallback(
    async (more = 0) => {
      setError(null);
      try {
        setPage(await readTrash(store.trash.list, shown.current + more));
      } catch (problem) {
        setError(problem);
      }
    },
    [store],
  );
  // Also when a task went into it or came out of it elsewhere on the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => void load(), [load, tasks]);

  const restore = async (id: string, title: string) => {
    try {
      await store.restore(id);
      setPage((now) => now && { ...now, tasks: now.tasks.filter((task) => task.id !== id), total: now.total - 1 });
      toast({ text: words.restored(title) });
    } catch (problem) {
      toast({ text: `${words.restoreFailed(title)} ${explain(problem).sentence}`, tone: "error" });
    }
  };
  const empty = async () => {
    try {
      const { deleted } = await store.trash.empty();
      toast({ text: words.trash.purged(deleted) });
      await load();
    } catch (problem) {
      toast({ text: explain(problem).sentence, tone: "error" });
    } finally {
      setAsked(false);
    }
  };

  return (
    <div className={styles.view}>
      <p className={styles.lead}>{words.trash.lead(TRASH_DAYS)}</p>
      {page === null && error === null && <Skeleton lines={3} />}
      {error !== null && <ErrorNote error={error} lead={words.trash.failed} onRetry={() => void load()} />}
      {page?.total === 0 && <p className={styles.empty}>{words.trash.empty}</p>}
      {page !== null && page.tasks.length > 0 && (
        <ul className={styles.list}>
          {page.tasks.map(({ id, title }) => (
            <li key={id} className={styles.row}>
              <span className={styles.title} dir="auto">
                {title}
              </span>
              <Button tone="quiet" aria-label={words.trash.restoreTask(title)} onClick={() => void restore(id, title)}>
                {words.trash.restore}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {page !== null && page.total > 0 && (
        <div className={styles.actions}>
          {page.next_cursor !== null && (
            <Button tone="quiet" onClick={() => void load(1)}>
              {words.trash.more}
            </Button>
          )}
          {asked ? (
            <Button tone="danger" onClick={() => void empty()}>
              {words.trash.purgeReally(page.total)}
            </Button>
          ) : (
            <Button onClick={() => setAsked(true)}>{words.trash.purge}</Button>
          )}
        </div>
      )}
    </div>
  );
}
