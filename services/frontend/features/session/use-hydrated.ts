"use client";

import { useSyncExternalStore } from "react";

/** Whether React has taken over the page: false in the HTML that the server sends, true right after. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
