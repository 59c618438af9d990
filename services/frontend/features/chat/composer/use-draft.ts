"use client";

import { useCallback, useMemo, useState } from "react";
import { draftPlace } from "../../../lib/drafts.ts";

/** The text of a message that is typed but not sent. */
export function useDraft(userId: string, key: string): [string, (text: string) => void] {
  const place = useMemo(() => draftPlace(userId, key), [userId, key]);
  const [draft, setDraft] = useState(place.read);
  const write = useCallback(
    (text: string) => {
      setDraft(text);
      place.write(text);
    },
    [place],
  );
  return [draft, write];
}
