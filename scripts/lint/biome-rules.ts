import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROOMS } from "./arrows.ts";

const root = resolve(import.meta.dirname, "../..");

interface Pattern {
  readonly group: readonly string[];
  readonly importNamePattern?: string;
  readonly message: string;
}

/** The rows of `arrows.ts` as a Biome configuration, which `biome.json` extends. */
export function arrowRules(): string {
  const workspaces = pathsIntoWorkspaces();
  const folders = [...new Set(ROOMS.map(({ folder }) => folder))].toSorted((a, b) => depth(a) - depth(b));
  const overrides = folders.map((folder) => ({
    includes: [`${folder}/**`, "!**/*.test.ts", "!**/*.test.tsx"],
    linter: {
      rules: {
        style: { noRestrictedImports: { level: "error", options: { patterns: [...patternsOf(folder), workspaces] } } },
      },
    },
  }));
  return `${JSON.stringify({ overrides }, null, 2)}\n`;
}

/** For one file only the options of the last matching override count, so a folder repeats the rows of those above it. */
function patternsOf(folder: string): Pattern[] {
  const own = ROOMS.filter((room) => room.folder === folder);
  const above = ROOMS.filter((room) => folder.startsWith(`${room.folder}/`));
  return [...own, ...above].map(({ refuses, names, why }) => ({
    group: refuses,
    ...(names === undefined ? {} : { importNamePattern: names }),
    message: why,
  }));
}

function depth(folder: string): number {
  return folder.split("/").length;
}

/** A path into another workspace would go round its exports, and round the arrows. */
function pathsIntoWorkspaces(): Pattern {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { workspaces: string[] };
  const names = workspaces
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }))
    .map((path) => path.split("/").at(-2) ?? "")
    .toSorted();
  return {
    group: names.flatMap((name) =>
      name === "frontend" ? ["app", "server"].map((part) => `**/frontend/${part}/**`) : [`**/${name}/src/**`],
    ),
    message: "a workspace is imported by its name, never by a path",
  };
}
