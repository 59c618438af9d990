"use client";

import { ApiError } from "../../lib/errors/api-error.ts";
import { ErrorNote } from "../../lib/errors/error-note.tsx";
import type { ChatMessage } from "./store/chat-message.ts";
import { words } from "./words.ts";

interface RunErrorProps {
  error: Error | undefined;
  last: ChatMessage | undefined;
  busy: boolean;
  onRetry: () => void;
}

/** Why the last answer failed: it was refused before it began, it broke off, or it is stored as failed. */
export function RunError({ error, last, busy, onRetry }: RunErrorProps) {
  if (busy) return null;
  if (error instanceof ApiError && error.status === 401) return null;
  const retry = () => void onRetry();
  const { status, error: why, retry_after: retryAfter } = last?.role === "assistant" ? (last.metadata ?? {}) : {};
  if (error) return <ErrorNote error={known(error, retryAfter)} onRetry={retry} />;
  if (status !== "failed") return null;
  return <ErrorNote error={known(new Error(why ?? words.failed), retryAfter)} onRetry={retry} />;
}

/** An error inside the stream is already a sentence that the server wrote for the person. */
function known(error: Error, retryAfter: number | undefined): Error {
  if (error instanceof ApiError) return error;
  // A request that never got through is an ApiError: this one broke while the answer was read.
  const detail = error instanceof TypeError ? words.interrupted : error.message || words.failed;
  return new ApiError({ status: 500, code: "turn_failed", detail, ...(retryAfter !== undefined && { retryAfter }) });
}
