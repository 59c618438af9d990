"use client";

import { useEffect, useRef, useSyncExternalStore } from "react";

export type ShortcutActions = {
  newChat: () => void;
  quickAdd: () => void;
  focusComposer: () => void;
  help: () => void;
};

const KEY = "single-keys";
const CHANGED = "single-keys-changed";

/** Single keys act only outside of text fields and dialogs, and can be turned off (WCAG 2.1.4). */
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
      if (!action || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (
        !enabled() ||
        isTyping(event.target) ||
        document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")
      )
        return;
      event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** Whether single keys act, and the switch for it. */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, enabled, () => true);
  return [on, store];
}

/** Whether to show the keys: they act, and there is probably a keyboard. */
export function useShortcutHint(): boolean {
  const [on] = useSingleKeys();
  return on && hasKeyboard();
}

/** Whether this is a machine with a keyboard, as far as a page can know: where there is a pointer that hovers. */
export function hasKeyboard(): boolean {
  return matchMedia("(hover: hover)").matches;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

function enabled(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

function store(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Without storage the keys stay as they are.
  }
  window.dispatchEvent(new Event(CHANGED));
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
