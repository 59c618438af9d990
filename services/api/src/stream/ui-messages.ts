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
 * metadata has what the conversation holds later (`created_at`, `status`, `error`) and `conversation_id`. What was streamed
 * can't be taken back: `reasoning_texts` counts, from 0, the text parts that turned out to be reasoning. For a failed run
 * it also has `code` and `retry_after` (seconds), which the `error` chunk repeats.
 */
export function createUiEncoder(): UiEncoder {
  let open: { type: "text" | "reasoning"; id: string } | undefined;
  let streams = 0;
  /** Places of the text parts of this step among all text parts, and of those that turned out to be reasoning. */
  let texts = 0;
  let stepFrom = 0;
  const reasoning: number[] = [];

  const close = (): UiChunk[] => {
    if (open === undefined) return [];
    const chunk = { type: `${open.type}-end`, id: open.id };
    open = undefined;
    return [chunk];
  };

  const said = (type: "text" | "reasoning", delta: string): UiChunk[] => {
    if (open?.type === type) return [{ type: `${type}-delta`, id: open.id, delta }];
    const before = close();
    open = { type, id: `${type}-${++streams}` };
    if (type === "text") texts += 1;
    return [...before, { type: `${type}-start`, id: open.id }, { type: `${type}-delta`, id: open.id, delta }];
  };

  const wasReasoning = (): UiChunk[] => {
    const before = close();
    for (let place = stepFrom; place < texts; place++) if (!reasoning.includes(place)) reasoning.push(place);
    return [...before, { type: "message-metadata", messageMetadata: { reasoning_texts: [...reasoning] } }];
  };

  const event = (event: AgentEvent): UiChunk[] => {
    switch (event.type) {
      case "text":
      case "reasoning":
        return said(event.type, event.delta);
      case "text-was-reasoning":
        return wasReasoning();
      case "step-state":
        return [];
      case "step-start":
        stepFrom = texts;
        return [...close(), other(event)];
      default:
        return [...close(), other(event)];
    }
  };

  return {
    start: ({ answerId, conversationId, startedAt }) => [
      {
        type: "start",
        messageId: answerId,
        messageMetadata: { conversation_id: conversationId, created_at: startedAt.toISOString() },
      },
    ],
    event,
    end: (end) => [...close(), ...closing(end)],
  };
}

type Plain = Exclude<AgentEvent, { type: "text" | "reasoning" | "text-was-reasoning" | "step-state" }>;

function other(event: Plain): UiChunk {
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
