"use client";

import { useEffect } from "react";
import { words } from "./words.ts";

/** Puts what the page shows into the title of its tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title]);
}
