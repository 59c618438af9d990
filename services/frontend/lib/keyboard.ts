"use client";

import { useSyncExternalStore } from "react";

const KEY = "single-keys";
const CHANGED = "single-keys-changed";

/** Whether single-key shortcuts are on, and the function that turns them on or off (WCAG 2.1.4). */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, singleKeysEnabled, () => false);
  return [on, storeSingleKeys];
}

/** Whether to show which keys do something: they are on, and the device probably has a keyboard. */
export function useShortcutHint(): boolean {
  const [on] = useSingleKeys();
  return on && hasKeyboard();
}

/** Whether the device has a keyboard, as far as a page can know: whether it has a pointer that hovers. */
export function hasKeyboard(): boolean {
  return matchMedia("(hover: hover)").matches;
}

/** Whether the key that begins commands is held alone: Cmd on a Mac, where Ctrl edits text, and Ctrl elsewhere. */
export function hasCommandKey({ ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  if (shiftKey || altKey) return false;
  return isMac() ? metaKey && !ctrlKey : ctrlKey && !metaKey;
}

/** The name of that key. */
export function commandKey(): string {
  return isMac() ? "⌘" : "Ctrl";
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}

/** Whether single-key shortcuts are on. They are off until the person turns them on, on this device: people just type. */
export function singleKeysEnabled(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

function storeSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Without storage the setting can't be changed.
  }
  window.dispatchEvent(new Event(CHANGED));
}
