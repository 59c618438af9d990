import type { Task } from "@taskassistant/contracts";

/** One export in the making, piece by piece: a format may remember what it wrote before. */
export interface ExportWriter {
  /** What stands before the first task. */
  start(): string;
  task(task: Task): string;
  /** What stands behind the last one. */
  end(): string;
}

/** A file format in which tasks leave. */
export interface ExportFormat {
  /** With its charset. */
  readonly mediaType: string;
  /** Of the file's name, without the dot. */
  readonly extension: string;
  /** `at` is the instant of the export. */
  createWriter(at: Date): ExportWriter;
}
