"use client";

import { CircleAlert } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import styles from "./error-note.module.css";
import { explain } from "./explain.ts";
import { useCountdown } from "./use-countdown.ts";
import { words } from "./words.ts";

interface ErrorNoteProps {
  error: unknown;
  lead?: string;
  onRetry?: (() => void) | undefined;
}

/** A failure in a plain sentence, what to do about it, and the request ID for those who look into it. */
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
            <summary>{words.details}</summary>
            <code>{words.requestId(requestId)}</code>
          </details>
        )}
      </div>
      {onRetry && retryable && (
        <Button onClick={onRetry} disabled={wait > 0}>
          {wait > 0 ? words.retryIn(wait) : words.retry}
        </Button>
      )}
    </div>
  );
}
