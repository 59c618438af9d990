"use client";

import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { VisuallyHidden } from "./visually-hidden.tsx";

const AnnounceContext = createContext<(sentence: string) => void>(() => {});

/** The page's only status node for screen readers. It announces boundaries (started, finished), never streamed text. */
export function AnnouncerProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ sentence: "", count: 0 });
  const announce = useCallback((sentence: string) => setSaid(({ count }) => ({ sentence, count: count + 1 })), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <VisuallyHidden role="status" aria-live="polite" data-testid="status">
        {/* With a new key, the same sentence is announced again. */}
        <span key={said.count}>{said.sentence}</span>
      </VisuallyHidden>
    </AnnounceContext>
  );
}

/** Announces a sentence to screen readers. */
export function useAnnounce(): (sentence: string) => void {
  return useContext(AnnounceContext);
}
