import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** Folder of the patches, below the repository. */
export const MUTANTS = "test/mutants";

/** A fault that somebody could make, as a patch that names the tests which must notice it. */
export interface Mutant {
  readonly name: string;
  /** The patch, below the repository. */
  readonly patch: string;
  /** What is broken with it, for whom: a sentence. */
  readonly breaks: string;
  readonly level: "unit" | "backup" | "cluster";
  /** Files or folders of tests, below the repository. */
  readonly tests: readonly string[];
  /** Regular expression for the names of the tests that run; all of them unless given. */
  readonly testName: string | undefined;
  /** The files it changes, below the repository. */
  readonly files: readonly string[];
}

/** All mutants of a checkout by name. Throws when the head of a patch is not as it must be. */
export function readMutants(root: string): Mutant[] {
  return globSync(`${MUTANTS}/*.patch`, { cwd: root })
    .sort()
    .map((patch) => parseMutant(patch, readFileSync(join(root, patch), "utf8")));
}

/**
 * Reads a patch. Lines of `Key: value` stand above the diff, where git passes over them: `Breaks`, and where needed `Level`,
 * `Tests` (several lines) and `Name`. Without `Tests`, those of the changed files' workspaces have to notice.
 */
export function parseMutant(patch: string, text: string): Mutant {
  const diffAt = text.search(/^--- a\//m);
  const head = diffAt < 0 ? text : text.slice(0, diffAt);
  const valuesOf = (key: string) =>
    head.split("\n").flatMap((line) => (line.startsWith(`${key}: `) ? [line.slice(key.length + 2).trim()] : []));
  const [breaks = ""] = valuesOf("Breaks");
  const [level = "unit"] = valuesOf("Level");
  const files = [...new Set([...text.matchAll(/^\+\+\+ b\/(\S+)/gm)].flatMap(([, file]) => file ?? []))];
  if (breaks === "" || files.length === 0) throw new Error(`${patch}: needs a line "Breaks: ..." and a diff below it`);
  if (level !== "unit" && level !== "backup" && level !== "cluster") {
    throw new Error(`${patch}: Level is unit, backup or cluster, not ${level}`);
  }
  const tests = valuesOf("Tests");
  const [testName] = valuesOf("Name");
  return {
    name: basename(patch, ".patch"),
    patch,
    breaks,
    level,
    tests: tests.length > 0 ? tests : [...new Set(files.map(workspaceOf))],
    testName,
    files,
  };
}

function workspaceOf(file: string): string {
  const [first = "", second = ""] = file.split("/");
  return ["packages", "services"].includes(first) ? `${first}/${second}/` : `${first}/`;
}

/** So many of the mutants, always the same for the same seed. */
export function sampleOf(mutants: readonly Mutant[], seed: string, count: number): Mutant[] {
  const place = ({ name }: Mutant) => createHash("sha256").update(`${seed} ${name}`).digest("hex");
  return mutants.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)).slice(0, count);
}

/** The lines that a patch replaces, with those around them, each block with its file. */
export function replacedBlocks(text: string): { file: string; block: string }[] {
  const blocks: { file: string; block: string }[] = [];
  let file = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("+++ b/")) file = line.slice("+++ b/".length);
    else if (line.startsWith("@@ ")) blocks.push({ file, block: "" });
    else if (/^[ -]/.test(line) && !line.startsWith("--- ")) {
      const last = blocks.at(-1);
      if (last !== undefined) last.block += `${line.slice(1)}\n`;
    }
  }
  return blocks;
}

/** The same patch with another diff. */
export function withDiff(text: string, diff: string): string {
  const diffAt = text.search(/^--- a\//m);
  const lines = diff.split("\n").filter((line) => !/^(diff --git|index) /.test(line));
  return `${text.slice(0, Math.max(diffAt, 0))}${lines.join("\n")}`;
}
