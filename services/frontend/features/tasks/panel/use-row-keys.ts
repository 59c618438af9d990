"use client";

import { type FocusEvent, type KeyboardEvent, useState } from "react";

/** What a key does with the task that has the focus. */
export interface RowActions {
  edit: (id: string) => void;
  complete: (id: string, control: HTMLElement) => void;
  remove: (id: string, control: HTMLElement) => void;
  today: (id: string) => void;
  /** Takes it into the selection, or out of it. */
  select: (id: string) => void;
}

const ACTIONS: Record<string, keyof RowActions> = { e: "edit", x: "complete", d: "remove", t: "today", " ": "select" };

/**
 * One stop of Tab for a list of tasks (a roving tabindex). Up, Down, Home and End go from task to task, Left and Right to
 * the controls of one, and a letter acts on it. Letters act only here, so they are in nobody's way (WCAG 2.1.4).
 */
export function useRowKeys(ids: readonly string[], actions: RowActions) {
  const [latest, setLatest] = useState<string>();
  const tabStop = latest !== undefined && ids.includes(latest) ? latest : ids.find((id) => !id.startsWith("draft-"));

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const id = rowOf(event.target)?.dataset.task;
    if (id !== undefined) setLatest(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = rowOf(event.target);
    const id = row?.dataset.task;
    if (event.defaultPrevented || !row || id === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = target(event.key, row, event.currentTarget, event.target as Node);
    if (to !== undefined) {
      event.preventDefault();
      if (event.shiftKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        actions.select(id);
      }
      return to?.focus();
    }
    const name = ACTIONS[event.key];
    const onTitle = event.target instanceof HTMLElement && event.target.dataset.rowControl === "title";
    // Space is the key of buttons and checkboxes.
    if (name === undefined || event.shiftKey || (event.key === " " && !onTitle)) return;
    event.preventDefault();
    const title = controlOf(row, "title");
    if (title) actions[name](id, title);
  };
  return { tabStop, onFocus, onKeyDown };
}

function target(key: string, row: HTMLElement, list: HTMLElement, from: Node): HTMLElement | null | undefined {
  const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[key];
  if (step !== undefined || key === "Home" || key === "End") {
    const titles = [...list.querySelectorAll<HTMLElement>('a[data-row-control="title"]')];
    if (key === "Home" || key === "End") return titles.at(key === "Home" ? 0 : -1) ?? null;
    const at = titles.findIndex((title) => row.contains(title));
    return titles[at + (step ?? 0)] ?? null;
  }
  if (key !== "ArrowLeft" && key !== "ArrowRight") return undefined;
  const controls = [...row.querySelectorAll<HTMLElement>("[data-row-control]")].filter((control) =>
    control.checkVisibility(),
  );
  const at = controls.findIndex((control) => control.contains(from));
  return controls[at + (key === "ArrowRight" ? 1 : -1)] ?? null;
}

function rowOf(element: EventTarget): HTMLElement | null {
  return element instanceof HTMLElement ? element.closest<HTMLElement>("[data-task]") : null;
}

function controlOf(row: HTMLElement, name: string): HTMLElement | null {
  return row.querySelector<HTMLElement>(`[data-row-control="${name}"]`);
}
