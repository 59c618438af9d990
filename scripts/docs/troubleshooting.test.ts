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

it("the README quotes only troubles that docs/troubleshooting.md has, each of which a test produces", () => {
  const produced = symptoms("docs/troubleshooting.md").join("\n");
  const promised = symptoms("README.md").flatMap(quoted);
  expect(promised.length).toBeGreaterThan(6);
  expect(promised.filter((text) => !produced.includes(text))).toEqual([]);
});
