/** Writes server-sent events. Writing after the end, or to a reader that has left, does nothing. */
export interface SseWriter {
  /** Writes one `data:` event. */
  data(text: string): void;
  /** Whether the reader has taken what was written before. */
  hasRoom(): boolean;
}

const HEARTBEAT_MS = 15_000;

/**
 * Builds a `text/event-stream` response. `produce` writes the events, and the stream ends when it returns. `onLeave` is
 * called when the reader goes away earlier, and `onRoom` when it takes more. A comment every 15 s keeps proxies from closing a
 * silent connection.
 */
export function sseResponse(options: {
  produce: (writer: SseWriter) => Promise<void>;
  onLeave: () => void;
  onRoom?: () => void;
  headers?: Record<string, string>;
  heartbeatMs?: number;
}): Response {
  const encoder = new TextEncoder();
  let open = true;
  let heartbeat: NodeJS.Timeout | undefined;
  const close = () => {
    open = false;
    clearInterval(heartbeat);
  };

  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const write = (text: string) => {
        if (open) controller.enqueue(encoder.encode(text));
      };
      const hasRoom = () => (controller.desiredSize ?? 0) > 0;
      const ping = () => hasRoom() && write(": ping\n\n");
      heartbeat = setInterval(ping, options.heartbeatMs ?? HEARTBEAT_MS);
      const finish = (error?: unknown) => {
        if (!open) return;
        close();
        if (error === undefined) controller.close();
        else controller.error(error);
      };
      // Not returned, because the reader would wait for `start` before it gets the first byte.
      options.produce({ data: (text) => write(`data: ${text}\n\n`), hasRoom }).then(() => finish(), finish);
    },
    pull: () => options.onRoom?.(),
    cancel: () => {
      if (!open) return;
      close();
      options.onLeave();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform, because a proxy that compresses would hold the stream back until it ends.
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      ...options.headers,
    },
  });
}
