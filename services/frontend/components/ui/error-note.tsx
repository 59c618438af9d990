"use client";

import { CircleAlert } from "lucide-react";
import { explain } from "../../lib/data/explain.ts";
import { useCountdown } from "../../lib/hooks/use-countdown.ts";
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
