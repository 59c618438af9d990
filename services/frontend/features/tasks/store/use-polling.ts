"use client";

import { useEffect } from "react";
import type { TaskStore } from "./task-store.ts";

const POLL_MS = 3_000;
/** While the server does not answer, requests are rarer, which leaves the person time to read and to try again. */
const STALE_MS = 10_000;

/** Keeps the tasks up to date: every 3 s while the page is visible, and at once when it becomes visible again. */
export function usePolling(tasks: TaskStore, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const plan = () => {
      clearTimeout(timer);
      if (over) return;
      const { stale, status } = tasks.getSnapshot();
      timer = setTimeout(tick, stale || status === "failed" ? STALE_MS : POLL_MS);
    };
    const tick = async () => {
      if (document.visibilityState === "visible") await tasks.refresh();
      plan();
    };
    const onVisible = () => {
      if (document.visibilityState === "visible") void tasks.refresh(true).then(plan);
    };
    void tasks.refresh(true).then(plan);
    window.addEventListener("focus", onVisible);
    window.addEventListener("online", onVisible);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      over = true;
      clearTimeout(timer);
      window.removeEventListener("focus", onVisible);
      window.removeEventListener("online", onVisible);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [tasks, active]);
}
