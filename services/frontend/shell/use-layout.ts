"use client";

import { useSyncExternalStore } from "react";

export type Layout = "wide" | "medium" | "narrow";

/** From this width on the tasks are beside the chat, below it they are a sheet. */
const WIDE = "(min-width: 1100px)";
/** Below this width there is one column and a bar at the bottom. */
const NARROW = "(max-width: 719.98px)";

/** The layout for the window's width. The widths are the same as in the style sheets. */
export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, current, () => "wide");
}

function subscribe(listener: () => void): () => void {
  const queries = [matchMedia(WIDE), matchMedia(NARROW)];
  for (const query of queries) query.addEventListener("change", listener);
  return () => {
    for (const query of queries) query.removeEventListener("change", listener);
  };
}

function current(): Layout {
  if (matchMedia(WIDE).matches) return "wide";
  return matchMedia(NARROW).matches ? "narrow" : "medium";
}
