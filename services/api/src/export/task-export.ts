import { setTimeout } from "node:timers/promises";
import type { Task } from "@taskassistant/contracts";
import { BULK_MAX } from "@taskassistant/contracts/limits";
import type { Budget } from "@taskassistant/kit/guard";
import type { ExportFormat } from "./format.ts";

/** What an export reads. */
export interface ExportSource {
  /** Of all tasks, in the order of the file. */
  ids(): Promise<string[]>;
  /** In this order. */
  several(ids: readonly string[]): Promise<Task[]>;
}

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly source: ExportSource;
  readonly at: Date;
  /** What waits to be read counts against it, for this owner. */
  readonly budget: Budget;
  readonly owner: string;
}

/** How often a part asks for room, and how long it waits in between, in milliseconds: those who read nothing give way soon. */
const TRIES = 20;
const PAUSE_MS = 500;

/**
 * The file with all tasks, made as fast as its reader takes it: a few tasks are in memory at a time. The ids are read first, so
 * a task that moves in the list meanwhile is neither left out nor written twice. Undefined when too much waits for its readers
 * already; then answer 503. A later failure breaks the stream off, which a client sees as a failed download.
 */
export async function exportTasks(options: ExportOptions): Promise<ReadableStream<Uint8Array> | undefined> {
  const { format, source, at, budget, owner } = options;
  const ids = await source.ids();
  const writer = format.createWriter(at);
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let part = encoder.encode(writer.start() + (await nextTasks()));
  let giveBack = take();
  let isTaken = false;
  let isLeft = false;
  if (giveBack === undefined) return undefined;

  return new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      // Without a queue of its own, this is called only when the connection takes more.
      pull: async (given) => {
        if (isTaken) {
          giveBack?.();
          if (ids.length === 0) return given.close();
          part = encoder.encode(await nextTasks());
          giveBack = await takeSoon();
          if (isLeft) return giveBack();
        }
        isTaken = true;
        given.enqueue(part);
      },
      cancel: () => {
        isLeft = true;
        giveBack?.();
      },
    },
    { highWaterMark: 0 },
  );

  async function nextTasks(): Promise<string> {
    const tasks = await source.several(ids.splice(0, BULK_MAX));
    return tasks.map((task) => writer.task(task)).join("") + (ids.length === 0 ? writer.end() : "");
  }

  function take(): (() => void) | undefined {
    return budget.take(owner, part.byteLength, () => controller?.error(new Error("the reader was too slow")));
  }

  async function takeSoon(): Promise<() => void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const taken = take();
      if (taken !== undefined) return taken;
      await setTimeout(PAUSE_MS);
    }
    throw new Error("too many answers wait to be read");
  }
}
