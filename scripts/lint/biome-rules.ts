import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROOMS, type Room } from "./arrows.ts";

const root = resolve(import.meta.dirname, "../..");

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

/** The rows of `arrows.ts` as a Biome configuration, which `biome.json` extends. */
export function arrowRules(): string {
  const workspaces = pathsIntoWorkspaces();
  const overrides = ROOMS.toSorted((a, b) => depth(a) - depth(b)).map((room) => ({
    includes: [
      `${room.folder}/**`,
      "!**/*.test.ts",
      "!**/*.test.tsx",
      ...(room.except ?? []).map((file) => `!${file}`),
    ],
    linter: {
      rules: {
        style: { noRestrictedImports: { level: "error", options: { patterns: [...patternsOf(room), workspaces] } } },
      },
    },
  }));
  return `${JSON.stringify({ overrides }, null, 2)}\n`;
}

/** For one file only the options of the last matching override count, so a row repeats those of the folders above it. */
function patternsOf(room: Room): Pattern[] {
  const above = ROOMS.filter(({ folder }) => room.folder.startsWith(`${folder}/`));
  return [room, ...above].map(({ refuses, why }) => ({ group: refuses, message: why }));
}

function depth({ folder }: Room): number {
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
