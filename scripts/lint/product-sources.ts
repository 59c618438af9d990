import { globSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Every source of a program or package except tests, as a path below the repository and on this machine. */
export function productSources(): { path: string; file: string }[] {
  return globSync("{packages,services,operator,cluster,scripts}/**/*.{ts,tsx,mjs,js}", {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist|\.next|test)$/.test(path),
  })
    .filter((path) => !/\.test\.tsx?$/.test(path))
    .map((path) => ({ path, file: join(root, path) }));
}
