"use client";

import { useEffect } from "react";
import type { TaskStore } from "../../lib/tasks/task-store.ts";

const EVERY_MS = 3_000;
/** While the server does not answer, ask less often: the person has time to read and to try again themselves. */
const STALE_MS = 10_000;

/** Keeps the panel at the database's truth: every 3 s while the page is seen, at once when it is looked at again. */
export function usePolling(tasks: TaskStore, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const plan = () => {
      clearTimeout(timer);
      if (over) return;
      const { stale, status } = tasks.getSnapshot();
      timer = setTimeout(tick, stale || status === "failed" ? STALE_MS : EVERY_MS);
    };
    const tick = async () => {
      if (document.visibilityState === "visible") await tasks.refresh();
      plan();
    };
    const onSeen = () => {
      if (document.visibilityState === "visible") void tasks.refresh(true).then(plan);
    };
    void tasks.refresh(true).then(plan);
    window.addEventListener("focus", onSeen);
    window.addEventListener("online", onSeen);
    document.addEventListener("visibilitychange", onSeen);
    return () => {
      over = true;
      clearTimeout(timer);
      window.removeEventListener("focus", onSeen);
      window.removeEventListener("online", onSeen);
      document.removeEventListener("visibilitychange", onSeen);
    };
  }, [tasks, active]);
}
