import { taskSchema } from "@taskassistant/contracts";
import { stringify } from "csv-stringify/sync";
import type { ExportFormat } from "./format.ts";

const COLUMNS = Object.keys(taskSchema.shape);

/** Without it Excel takes UTF-8 for the code page of the machine. */
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Comma-separated values (RFC 4180) with a row of names. A text that a spreadsheet would run as a formula begins with an
 * apostrophe: anything may have written the task, and the file is opened by the person (OWASP, "CSV Injection").
 */
export const CSV_FORMAT: ExportFormat = {
  mediaType: "text/csv; charset=utf-8",
  extension: "csv",
  createWriter: () => ({
    start: () => BYTE_ORDER_MARK + row(COLUMNS),
    task: (task) =>
      row(COLUMNS.map((name) => (name === "tags" ? task.tags.join(", ") : task[name as keyof typeof task]))),
    end: () => "",
  }),
};

function row(values: readonly unknown[]): string {
  return stringify([values.map((value) => (typeof value === "boolean" ? String(value) : value))], {
    escape_formulas: true,
    record_delimiter: "windows",
    // A line break of either kind ends a row for most readers.
    quoted_match: /[\r\n]/,
  });
}
