import { isRecord } from "@taskassistant/contracts";
import { createParser } from "eventsource-parser";

/** One thing an answer is made of: a chunk, a complete answer or an error, as parsed JSON; or the mark of the end. */
export type Payload = { readonly type: "json"; readonly value: unknown } | { readonly type: "end" };

/** Takes text as it arrives and returns what has become complete. */
export interface PayloadParser {
  feed(text: string): Payload[];
  /** What the end of the text completes. */
  finish(): Payload[];
}

/**
 * Reads an answer in whatever framing it comes, judged by its first character: server-sent events, one JSON document (from
 * servers that ignore `stream`), or JSON documents one a line. Events that carry neither JSON nor the end mark are passed
 * over: they keep the connection alive. `onPage` is called instead for a web page.
 */
export function createPayloadParser(): PayloadParser & { isPage(): boolean } {
  let head = "";
  let inner: PayloadParser | undefined;
  let page = false;

  function feed(text: string): Payload[] {
    if (inner !== undefined) return inner.feed(text);
    head = (head + text).replace(/^[\s\uFEFF]+/, "");
    if (head === "") return [];
    page = head.startsWith("<");
    inner = head.startsWith("{") || head.startsWith("[") ? documents() : events();
    return inner.feed(head);
  }

  return { feed, finish: () => inner?.finish() ?? [], isPage: () => page };
}

function events(): PayloadParser {
  let found: Payload[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => found.push(...payloadsOf(data, event)),
  });
  const take = () => {
    const taken = found;
    found = [];
    return taken;
  };
  return {
    feed: (text) => {
      parser.feed(text);
      return take();
    },
    // Some servers close the connection without the empty line that ends the last event.
    finish: () => {
      parser.feed("\n\n");
      return take();
    },
  };
}

/** One event is one payload. Some servers leave out the empty lines that end events. */
function payloadsOf(data: string, event: string | undefined): Payload[] {
  const whole = payloadOf(data, event);
  if (whole !== undefined || !data.includes("\n")) return whole === undefined ? [] : [whole];
  return data.split("\n").flatMap((line) => payloadOf(line, event) ?? []);
}

function payloadOf(line: string, event: string | undefined): Payload | undefined {
  // Proxies that frame events once more repeat the field's name.
  const data = line.trim().replace(/^(data:\s*)+/, "");
  if (/^"?\[DONE\]"?$/i.test(data)) return { type: "end" };
  const value = parse(data);
  const isError = event === "error" && data !== "";
  if (isError && !(isRecord(value) && "error" in value)) return { type: "json", value: { error: value ?? data } };
  return value === undefined ? undefined : { type: "json", value };
}

function documents(): PayloadParser {
  let buffer = "";
  return {
    feed: (text) => {
      buffer += text;
      const found: Payload[] = [];
      for (;;) {
        const lineEnd = buffer.indexOf("\n");
        const value = lineEnd < 0 ? undefined : parse(buffer.slice(0, lineEnd));
        // A document that is written over several lines has no line that is one by itself.
        if (value === undefined) break;
        found.push({ type: "json", value });
        buffer = buffer.slice(lineEnd + 1).trimStart();
      }
      const rest = /[}\]]\s*$/.test(buffer) ? parse(buffer) : undefined;
      if (rest !== undefined) {
        found.push({ type: "json", value: rest });
        buffer = "";
      }
      return found;
    },
    finish: () => [],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
