import type { EXPORT_FORMATS } from "@taskassistant/contracts";
import { CSV_FORMAT } from "./csv.ts";
import type { ExportFormat } from "./format.ts";
import { ICALENDAR_FORMAT } from "./icalendar.ts";
import { JSON_FORMAT } from "./json.ts";
import { MARKDOWN_FORMAT } from "./markdown.ts";

export type { ExportFormat } from "./format.ts";
export { exportTasks } from "./task-export.ts";

/** The formats by the names that a client asks for. A new one is a file beside these. */
export const FORMATS: Readonly<Record<(typeof EXPORT_FORMATS)[number], ExportFormat>> = {
  json: JSON_FORMAT,
  csv: CSV_FORMAT,
  ics: ICALENDAR_FORMAT,
  md: MARKDOWN_FORMAT,
};
