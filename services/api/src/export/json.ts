import type { ExportFormat } from "./format.ts";

/** Every field of every task, as REST names them: what loses nothing. */
export const JSON_FORMAT: ExportFormat = {
  mediaType: "application/json",
  extension: "json",
  createWriter: (at) => {
    let separator = "\n";
    return {
      start: () => `{"exported_at":${JSON.stringify(at.toISOString())},"tasks":[`,
      task: (task) => {
        const text = separator + JSON.stringify(task);
        separator = ",\n";
        return text;
      },
      end: () => "\n]}\n",
    };
  },
};
