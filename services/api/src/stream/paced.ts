import type { AgentEvent } from "../agent/events.ts";

/** Passes the events of a run on as fast as their reader takes them. */
export interface Pacer {
  add(event: AgentEvent): void;
  /** The reader takes more. */
  resume(): void;
  /** Passes on everything that waits, whether the reader takes it or not. */
  flush(): void;
}

/**
 * Events wait while the reader takes nothing, and pieces of text or of reasoning that follow each other become one meanwhile.
 * What waits is therefore bounded by what a run may say and by its tool calls, in however many pieces the model sends it.
 */
export function createPacer(deps: { hasRoom: () => boolean; send: (event: AgentEvent) => void }): Pacer {
  let waiting: AgentEvent[] = [];
  /** The text at the end of `waiting`, in pieces. */
  let pieces: string[] = [];
  let kind: "text" | "reasoning" = "text";
  return { add, resume, flush };

  function add(event: AgentEvent): void {
    if (waiting.length === 0 && pieces.length === 0 && deps.hasRoom()) {
      deps.send(event);
    } else if (event.type === "text" || event.type === "reasoning") {
      if (kind !== event.type) closeText();
      kind = event.type;
      pieces.push(event.delta);
      // One string instead of a thousand objects.
      if (pieces.length > 1_000) pieces = [pieces.join("")];
    } else {
      closeText();
      waiting.push(event);
    }
  }

  function closeText(): void {
    if (pieces.length > 0) waiting.push({ type: kind, delta: pieces.join("") });
    pieces = [];
  }

  function resume(): void {
    closeText();
    let sent = 0;
    for (const event of waiting) {
      if (!deps.hasRoom()) break;
      deps.send(event);
      sent += 1;
    }
    waiting = waiting.slice(sent);
  }

  function flush(): void {
    closeText();
    for (const event of waiting) deps.send(event);
    waiting = [];
  }
}
