"use client";

import { CircleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { explain } from "../../lib/data/explain.ts";
import { strings } from "../../lib/strings.ts";
import { Button } from "./button.tsx";
import styles from "./error-note.module.css";
import { Icon } from "./icon.tsx";

type ErrorNoteProps = { error: unknown; lead?: string; onRetry?: (() => void) | undefined };

/** A failure in a plain sentence, what to do about it, and the request id for whoever has to look it up. */
export function ErrorNote({ error, lead, onRetry }: ErrorNoteProps) {
  const { sentence, requestId, retryAfter, retryable } = explain(error);
  const wait = useCountdown(retryAfter ?? 0, error);
  return (
    <div className={styles.note} role="alert">
      <Icon of={CircleAlert} className={styles.icon} />
      <div className={styles.body}>
        <p>
          {lead !== undefined && <strong>{lead} </strong>}
          {sentence}
        </p>
        {requestId !== undefined && (
          <details className={styles.details}>
            <summary>{strings.details}</summary>
            <code>{strings.requestId(requestId)}</code>
          </details>
        )}
      </div>
      {onRetry && retryable && (
        <Button onClick={onRetry} disabled={wait > 0}>
          {wait > 0 ? strings.retryIn(wait) : strings.retry}
        </Button>
      )}
    </div>
  );
}

/** Whole seconds left, counted by the clock so that a sleeping tab does not stretch them. */
function useCountdown(seconds: number, since: unknown): number {
  const [left, setLeft] = useState(seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new error starts the countdown again
  useEffect(() => {
    const end = Date.now() + seconds * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [seconds, since]);
  return left;
}
