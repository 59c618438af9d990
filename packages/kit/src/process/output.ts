import { writeSync } from "node:fs";

/** Where a log writes. */
export interface Output {
  write(text: string): void;
  /** Tries once to write what waits; pino calls this after a fatal line. */
  flushSync(): void;
  /** For the end of the process: waits at most half a second for a slow reader. */
  close(): void;
}

/** What waits for a reader that is slow, at most, in bytes. Lines beyond it are lost. */
const WAITING_MAX = 1024 * 1024;
const RETRY_MS = 50;
/** How long the end of the process waits for a slow reader. */
const LAST_WAIT_MS = 500;

/** Writes what the descriptor takes at once, and returns how many bytes that were. Throws the system's error, `EAGAIN` too. */
export type WriteNow = (bytes: Uint8Array) => number;

/**
 * An output that never holds the process up, whatever becomes of its reader. What a slow reader does not take waits, up to
 * 1 MB; beyond that, whole lines are dropped and their number is written later. When the reader is gone (`EPIPE`), the output
 * ends and further writes do nothing.
 */
export function createOutput(writeNow: WriteNow): Output {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let dropped = 0;
  let ended = false;
  let retry: NodeJS.Timeout | undefined;
  return { write, flushSync, close };

  function write(text: string): void {
    if (ended) return;
    const bytes = Buffer.from(text);
    if (size + bytes.length > WAITING_MAX) {
      dropped += 1;
      return;
    }
    waiting.push(bytes);
    size += bytes.length;
    if (waiting.length === 1) drain();
  }

  /** Writes until the reader takes no more, and tries again a little later. */
  function drain(): void {
    retry = undefined;
    try {
      for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
        const written = writeNow(first);
        size -= written;
        if (written < first.length) waiting[0] = first.subarray(written);
        else waiting.shift();
      }
      if (dropped > 0) noteDropped();
    } catch (error) {
      if (isBusy(error)) retry = setTimeout(drain, RETRY_MS).unref();
      else end();
    }
  }

  function noteDropped(): void {
    const line = { level: "warn", time: new Date().toISOString(), lines: dropped, msg: "log lines dropped" };
    dropped = 0;
    write(`${JSON.stringify(line)}\n`);
  }

  function end(): void {
    ended = true;
    waiting = [];
    size = 0;
  }

  function flushSync(): void {
    clearTimeout(retry);
    drain();
  }

  function close(): void {
    const until = Date.now() + LAST_WAIT_MS;
    for (flushSync(); waiting.length > 0 && Date.now() < until; flushSync()) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** Standard output as an `Output`. */
export function standardOutput(): Output {
  // Reading the property makes a pipe non-blocking, so that a write to a full one fails instead of waiting.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const output = createOutput((bytes) => writeSync(1, bytes));
  process.once("exit", output.close);
  return output;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EBUSY");
}
