import { expect, it } from "vitest";
import { read } from "./texts.ts";

/** First cells of a document's table of troubles. */
function symptoms(path: string): string[] {
  const [, table = ""] = read(path).split("| you see | why | what to do |");
  const rows = table.split("\n\n")[0]?.split("\n").slice(2) ?? [];
  return rows.map((row) => row.split("|")[1]?.trim() ?? "").filter((cell) => cell !== "");
}

/** What a cell quotes word for word: code, or words in quotation marks; addresses are left out. */
const quoted = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`|"([^"]+)"/g)]
    .map(([, code, words]) => code ?? words ?? "")
    .filter((text) => !text.startsWith("http"));

/** Rows of docs/troubleshooting.md that a cell of the README speaks of: by their bold title, or by words it quotes. */
function rowsMeant(cell: string, documented: readonly string[]): string[] {
  const title = (row: string) => /\*\*(.+?)\*\*/.exec(row)?.[1] ?? "";
  return documented.filter(
    (row) => cell.toLowerCase().includes(title(row).toLowerCase()) || quoted(cell).some((text) => row.includes(text)),
  );
}

it("each row of the README is one of docs/troubleshooting.md, and none of these is left out", () => {
  const documented = symptoms("docs/troubleshooting.md");
  const meant = symptoms("README.md").map((cell) => rowsMeant(cell, documented));
  expect(meant.map((rows) => rows.length)).toEqual(meant.map(() => 1));
  expect(new Set(meant.flat())).toEqual(new Set(documented));
});

it("what the README quotes stands word for word in the table of docs/troubleshooting.md", () => {
  const documented = symptoms("docs/troubleshooting.md").join("\n");
  const promised = symptoms("README.md").flatMap(quoted);
  expect(promised.length).toBeGreaterThan(6);
  expect(promised.filter((text) => !documented.includes(text))).toEqual([]);
});
