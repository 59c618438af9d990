"use client";

import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the page answers to the person yet: false in what the server sends, true as soon as React has taken over. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
