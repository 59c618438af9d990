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
  if (error) return <ErrorNote error={known(error)} onRetry={retry} />;
  if (last?.metadata?.status !== "failed") return null;
  const detail = last.metadata.error ?? strings.chat.failed;
  return <ErrorNote error={new ApiError({ status: 500, code: "turn_failed", detail })} onRetry={retry} />;
}

/** An error inside the stream is already a sentence of the server's, made for the person. */
function known(error: Error): Error {
  if (error instanceof ApiError || error instanceof TypeError) return error;
  return new ApiError({ status: 500, code: "turn_failed", detail: error.message || strings.chat.failed });
}
