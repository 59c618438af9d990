"use client";

import { useCallback, useState } from "react";

const PREFIX = "draft:";

/**
 * Text that is typed but not sent; it survives a reload of this tab. `userId`, because the next person who signs in here
 * must not find it.
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
        // Without storage the text lives as long as the page.
      }
    },
    [name],
  );
  return [draft, write];
}

/** Forgets all of them: whoever signs out leaves nothing behind. */
export function clearDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
  } catch {
    // Without storage there is nothing to forget.
  }
}

function read(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}
