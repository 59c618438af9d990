"use client";

import { useCallback, useState } from "react";

/** Text that is typed but not sent; it survives a reload of this tab. */
export function useDraft(key: string): [string, (text: string) => void] {
  const name = `draft:${key}`;
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

function read(name: string): string {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}
