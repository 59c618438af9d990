"use client";

import { useCallback, useState } from "react";

const PREFIX = "draft:";

/**
 * Text that is typed but not sent. It survives a reload of this tab, and is stored per user, so that the next person who
 * signs in here does not find it.
 */
export function useDraft(userId: string, key: string): [string, (text: string) => void] {
  const name = `${PREFIX}${userId}:${key}`;
  const [draft, setDraft] = useState(() => read(name));
  const write = useCallback(
    (text: string) => {
      setDraft(text);
      try {
        if (text === "") sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, text);
      } catch {
        // Without storage the text is kept until the page is closed.
      }
    },
    [name],
  );
  return [draft, write];
}

/** Removes all drafts, so that nothing typed stays behind after signing out. */
export function clearDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // Without storage there is nothing to remove.
  }
}

function read(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}
