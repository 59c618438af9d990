"use client";

import type { ChatMessage } from "../../lib/chat/chat-message.ts";
import { ApiError } from "../../lib/data/api-error.ts";
import { strings } from "../../lib/strings.ts";
import { ErrorNote } from "../ui/error-note.tsx";

type TurnErrorProps = {
  error: Error | undefined;
  last: ChatMessage | undefined;
  busy: boolean;
  onRetry: () => void;
};

/** Why the last turn failed: refused before it began, broken on the way, or stored as failed. */
export function TurnError({ error, last, busy, onRetry }: TurnErrorProps) {
  if (busy) return null;
  if (error instanceof ApiError && error.status === 401) return null;
  const retry = () => void onRetry();
  const { status, error: why, retry_after: retryAfter } = last?.role === "assistant" ? (last.metadata ?? {}) : {};
  if (error) return <ErrorNote error={known(error, retryAfter)} onRetry={retry} />;
  if (status !== "failed") return null;
  return <ErrorNote error={known(new Error(why ?? strings.chat.failed), retryAfter)} onRetry={retry} />;
}

/** An error inside the stream is already a sentence of the server's, made for the person. */
function known(error: Error, retryAfter: number | undefined): Error {
  if (error instanceof ApiError) return error;
  // A request that never got through is an ApiError: this one broke while the answer was read.
  const detail = error instanceof TypeError ? strings.chat.interrupted : error.message || strings.chat.failed;
  return new ApiError({ status: 500, code: "turn_failed", detail, ...(retryAfter !== undefined && { retryAfter }) });
}
