"use client";

import { useEffect, useRef } from "react";
import { hasCommandKey, singleKeysEnabled } from "../lib/keyboard.ts";

export interface ShortcutActions {
  newChat: () => void;
  quickAdd: () => void;
  focusComposer: () => void;
  help: () => void;
  undo: () => void;
  palette: () => void;
}

/**
 * Runs an action for its key. Single keys act only outside of text fields, dialogs and menus. Where they are off, a letter
 * typed while nothing has the focus begins a message.
 */
export function useShortcuts(actions: ShortcutActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const keys: Record<string, keyof ShortcutActions> = {
      c: "newChat",
      q: "quickAdd",
      "/": "focusComposer",
      "?": "help",
    };
    const onKey = (event: KeyboardEvent) => {
      const action = keys[event.key];
      // Also from within a field: what is typed there stays.
      if (event.key.toLowerCase() === "k" && hasCommandKey(event) && !isSomethingOpen()) {
        event.preventDefault();
        latest.current.palette();
        return;
      }
      if (event.defaultPrevented || isTyping(event.target) || isSomethingOpen()) return;
      const isUndo =
        event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      if (isUndo) {
        event.preventDefault();
        latest.current.undo();
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (!singleKeysEnabled()) {
        if (event.target === document.body && /^[\p{L}\p{N}]$/u.test(event.key)) latest.current.focusComposer();
        return;
      }
      if (!action) return;
      event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function isSomethingOpen(): boolean {
  return document.querySelector("[role=dialog],[role=alertdialog],[role=menu]") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
