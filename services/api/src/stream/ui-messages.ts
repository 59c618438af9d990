import type { AgentEvent } from "../agent/events.ts";
import type { RunEnd } from "../runs/run-end.ts";

/** One chunk of the AI SDK's UI message stream, version 1. */
export interface UiChunk {
  type: string;
  [field: string]: unknown;
}

/** The header that names the protocol of the stream. */
export const UI_STREAM_HEADER = { "x-vercel-ai-ui-message-stream": "v1" };
/** The last event of a stream. */
export const UI_STREAM_END = "[DONE]";

export interface UiEncoder {
  start(answer: { answerId: string; conversationId: string; startedAt: Date }): UiChunk[];
  event(event: AgentEvent): UiChunk[];
  end(end: RunEnd): UiChunk[];
}

/**
 * Translates the events of one run into chunks of the UI message stream. Tools are `dynamic-tool` parts. The message's
 * metadata has what the conversation holds later (`created_at`, `status`, `error`) and `conversation_id`. For a failed run
 * it also has `code` and `retry_after` (seconds), which the `error` chunk repeats.
 */
export function createUiEncoder(): UiEncoder {
  let textId: string | undefined;
  let texts = 0;

  const endText = (): UiChunk[] => {
    if (textId === undefined) return [];
    const chunk = { type: "text-end", id: textId };
    textId = undefined;
    return [chunk];
  };

  const text = (delta: string): UiChunk[] => {
    if (textId !== undefined) return [{ type: "text-delta", id: textId, delta }];
    textId = `text-${++texts}`;
    return [
      { type: "text-start", id: textId },
      { type: "text-delta", id: textId, delta },
    ];
  };

  return {
    start: ({ answerId, conversationId, startedAt }) => [
      {
        type: "start",
        messageId: answerId,
        messageMetadata: { conversation_id: conversationId, created_at: startedAt.toISOString() },
      },
    ],
    event: (event) => (event.type === "text" ? text(event.delta) : [...endText(), other(event)]),
    end: (end) => [...endText(), ...closing(end)],
  };
}

function other(event: Exclude<AgentEvent, { type: "text" }>): UiChunk {
  switch (event.type) {
    case "step-start":
      return { type: "start-step" };
    case "step-finish":
      return { type: "finish-step" };
    case "tool-start":
      return { type: "tool-input-start", toolCallId: event.id, toolName: event.name, dynamic: true };
    case "tool-input":
      return {
        type: "tool-input-available",
        toolCallId: event.id,
        toolName: event.name,
        input: event.input,
        dynamic: true,
      };
    case "tool-output":
      return { type: "tool-output-available", toolCallId: event.id, output: event.output, dynamic: true };
    case "tool-error":
      return { type: "tool-output-error", toolCallId: event.id, errorText: event.error, dynamic: true };
  }
}

function closing(end: RunEnd): UiChunk[] {
  const typed = {
    ...(end.code === undefined ? {} : { code: end.code }),
    ...(end.retryAfterSeconds === undefined ? {} : { retry_after: end.retryAfterSeconds }),
  };
  const messageMetadata = { status: end.status, ...(end.error === undefined ? {} : { error: end.error }), ...typed };
  if (end.status === "failed") {
    return [
      { type: "message-metadata", messageMetadata },
      { type: "error", errorText: end.error, ...typed },
    ];
  }
  if (end.status === "stopped") {
    return [
      { type: "message-metadata", messageMetadata },
      { type: "abort", reason: end.error ?? "stopped" },
    ];
  }
  return [{ type: "finish", finishReason: end.status === "limited" ? "length" : "stop", messageMetadata }];
}
