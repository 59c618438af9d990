"use client";

import { useMemo } from "react";
import { TASK_VIEWS, type TaskView } from "../../features/tasks/views/task-view.ts";
import { words as taskWords } from "../../features/tasks/words.ts";
import type { Router } from "../route/router.ts";
import { words } from "../words.ts";
import type { PaletteEntry } from "./entries.ts";

interface PaletteActionsDeps {
  router: Router;
  newChat: () => void;
  openView: (view: TaskView) => void;
  help: () => void;
  focusComposer: () => void;
  quickAdd: () => void;
  undo: () => void;
}

/** How long the dialog takes to give the focus back, in milliseconds. */
const FOCUS_MS = 50;

/** What the palette can do. What leads elsewhere takes the palette's place; what acts here waits until it is closed. */
export function usePaletteActions(deps: PaletteActionsDeps): readonly PaletteEntry[] {
  const { router, newChat, openView, help, focusComposer, quickAdd, undo } = deps;
  return useMemo(() => {
    const { palette } = words;
    const here = (run: () => void) => () => {
      const over = router.subscribe(() => {
        if (router.getSnapshot().sheet !== null) return;
        over();
        setTimeout(run, FOCUS_MS);
      });
      router.close();
    };
    return [
      {
        id: "new-chat",
        label: words.newChat,
        run: () => {
          newChat();
          setTimeout(focusComposer, FOCUS_MS);
        },
      },
      { id: "add-task", label: palette.addTask, run: here(quickAdd) },
      ...TASK_VIEWS.map((view) => ({ id: view, label: taskWords.views[view], run: () => openView(view) })),
      { id: "message", label: palette.writeMessage, run: here(focusComposer) },
      { id: "undo", label: palette.undo, run: here(undo) },
      { id: "shortcuts", label: palette.shortcuts, run: help },
      { id: "settings", label: palette.settings, run: () => window.location.assign("/settings") },
    ];
  }, [router, newChat, openView, help, focusComposer, quickAdd, undo]);
}
