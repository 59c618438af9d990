import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";
import { cluster } from "./cluster/assistants.ts";

/** A row of `docs/troubleshooting.md`. */
export type Row = { title: string; symptoms: string[] };

const FILE = resolve(import.meta.dirname, "../../../docs/troubleshooting.md");

/** The rows of the table: the bold words that begin them, and what people see, which stands in code spans. */
export function rows(): Row[] {
  return readFileSync(FILE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| **"))
    .map((line) => {
      const [, seen = ""] = line.split("|");
      const symptoms = [...seen.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
      return { title: /\*\*(.+?)\*\*/.exec(seen)?.[1] ?? "", symptoms };
    });
}

const compared = new Set<string>();

/** What the caller has seen holds every symptom of the row that is documented under this title, word for word. */
export function expectDocumented(title: string, ...seen: string[]): void {
  const row = rows().find((each) => each.title === title);
  if (row === undefined) throw new Error(`docs/troubleshooting.md has no row "${title}"`);
  expect(row.symptoms.length, `symptoms of "${title}"`).toBeGreaterThan(0);
  for (const symptom of row.symptoms) expect(seen.join("\n"), title).toContain(symptom);
  compared.add(title);
}

/** Titles of rows that no `expectDocumented` of this process has compared with anything. */
export const uncompared = (): string[] =>
  rows()
    .map(({ title }) => title)
    .filter((title) => !compared.has(title));

/** Types the first `kubectl ...` command that a condition's message gives as the next one. @returns what it prints */
export async function followAdvice(message: string): Promise<string> {
  const [, command] = /Next: kubectl (.+?)(?= Or: |;|$)/.exec(message) ?? [];
  if (command === undefined) throw new Error(`no command in: ${message}`);
  return cluster().kubectl(...command.trim().replace(/\.$/, "").split(/\s+/));
}
