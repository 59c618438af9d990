import type { Task } from "@taskassistant/contracts";
import type { ExportFormat } from "./format.ts";

/** A list with check boxes as GitHub, Obsidian and other note takers read it (GitHub Flavored Markdown, "Task list items"). */
export const MARKDOWN_FORMAT: ExportFormat = {
  mediaType: "text/markdown; charset=utf-8",
  extension: "md",
  createWriter: () => {
    let heading = "";
    return {
      start: () => "# Tasks\n",
      task: (task) => {
        const next = task.done ? "Done" : "Open";
        const before = next === heading ? "" : `\n## ${next}\n\n`;
        heading = next;
        return before + item(task);
      },
      end: () => "",
    };
  },
};

function item(task: Task): string {
  const facts = [
    task.due && `due ${[task.due, task.due_time, task.due_zone].filter(Boolean).join(" ")}`,
    task.repeat && `repeats ${task.repeat}`,
    task.priority < 4 && `priority ${task.priority}`,
    task.project && `project ${escaped(task.project)}`,
    task.tags.length > 0 && `tagged ${task.tags.map(escaped).join(", ")}`,
    task.completed_at && `done ${task.completed_at.slice(0, 10)}`,
  ].filter(Boolean);
  const title = escaped(task.title.replace(/\s+/g, " "));
  const line = `- [${task.done ? "x" : " "}] ${title}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}\n`;
  return line + notes(task.notes);
}

/** The notes are Markdown already. Indented, they belong to their task. */
function notes(text: string): string {
  if (text.trim() === "") return "";
  const lines = text.trimEnd().split(/\r\n|\r|\n/);
  return `\n${lines.map((line) => (line === "" ? "" : `  ${line}`)).join("\n")}\n\n`;
}

/** A title is plain text: its signs must not become emphasis, links or tags. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>~&]/g, "\\$&");
}
