import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { parseAllDocuments } from "yaml";

/** The repository. */
export const root = resolve(import.meta.dirname, "../..");

/** Path below the repository -> content. */
export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Files under version control, or about to be: what a clone would have. */
export function trackedFiles(...patterns: string[]): string[] {
  const flags = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z", "--", ...patterns];
  return execFileSync("git", flags, { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)));
}

/** The documents people read, generated ones left out. */
export function documents(): string[] {
  return trackedFiles("*.md").filter((path) => !path.startsWith("docs/reference/"));
}

/** What a document shows as code: fenced blocks and spans. */
export function codeOf(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```[^\n]*\n(.*?)^```/gms)].map((match) => match[1] ?? "");
  const spans = [...markdown.replaceAll(/^```.*?^```/gms, "").matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  return [...blocks, ...spans];
}

/** Targets of relative links and pictures, as paths below the repository. */
export function linksOf(path: string, markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```/gms, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  return targets
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .map((target) => posix.join(dirname(path), target.replace(/#.*$/, "")));
}

/** Paths of files and folders named as code: with a slash, below a folder of the repository. Patterns (`*`) included. */
export function pathsOf(markdown: string, folders: readonly string[]): string[] {
  return codeOf(markdown)
    .flatMap((code) => code.match(/[\w.@*-]+(?:\/[\w.@*[\]-]*)+/g) ?? [])
    .map((path) => path.replace(/[.,:]$/, ""))
    .filter((path) => folders.includes(path.split("/")[0] ?? ""))
    .filter((path) => !path.includes("NAME"));
}

/** The objects in the YAML blocks of a document. A block without a kind holds values of the chart. */
export function yamlOf(markdown: string): Readonly<Record<string, unknown>>[] {
  const blocks = [...markdown.matchAll(/^```yaml\n(.*?)^```/gms)].map((match) => match[1] ?? "");
  return blocks.flatMap((block) => parseAllDocuments(block).map((document) => document.toJS()));
}

/** A block of a page that a test carries out: a command, or what the command before it prints. */
export interface Step {
  /** The heading that it stands below. */
  readonly section: string;
  readonly language: "sh" | "text";
  readonly text: string;
}

/** The commands of a page and what it says they print, in order. */
export function stepsOf(markdown: string): Step[] {
  return markdown.split(/^#+ /m).flatMap((part) => {
    const section = part.split("\n")[0] ?? "";
    return [...part.matchAll(/^```(sh|text)\n(.*?)^```/gms)].map(([, language, text = ""]) => ({
      section,
      language: language === "sh" ? ("sh" as const) : ("text" as const),
      text,
    }));
  });
}

/**
 * Carries out steps with a shell, and returns what each command printed.
 * @throws when a command fails, or prints something else than the page shows
 */
export async function follow(steps: readonly Step[], shell: (script: string) => Promise<string>): Promise<string[]> {
  const printed: string[] = [];
  for (const { language, text } of steps) {
    if (language === "sh") printed.push(await shell(text));
    else if (!printed.at(-1)?.includes(text.trimEnd())) {
      throw new Error(`the page shows\n${text}but this was printed:\n${printed.at(-1)}`);
    }
  }
  return printed;
}
