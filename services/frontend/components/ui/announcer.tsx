"use client";

import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { VisuallyHidden } from "./visually-hidden.tsx";

const AnnounceContext = createContext<(sentence: string) => void>(() => {});

/** The one polite status node of the page. Only boundaries are said here (started, finished), never streamed text. */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ sentence: "", turn: 0 });
  const announce = useCallback((sentence: string) => setSaid(({ turn }) => ({ sentence, turn: turn + 1 })), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <VisuallyHidden role="status" aria-live="polite" data-testid="status">
        {/* A new key makes the same sentence be said again. */}
        <span key={said.turn}>{said.sentence}</span>
      </VisuallyHidden>
    </AnnounceContext>
  );
}

/** Says a sentence to screen readers. */
export function useAnnounce(): (sentence: string) => void {
  return useContext(AnnounceContext);
}
