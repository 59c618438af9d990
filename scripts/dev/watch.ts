import { watch } from "node:fs";
import { join } from "node:path";

/** Folders that the frontend loads once at start. Next.js reloads only pages and routes. */
const FOLDERS = ["services/frontend/server", "packages/contracts/src", "packages/db/src", "packages/kit/src"];
const QUIET_MS = 200;

/** Calls `onChange` once for each burst of changes that needs a restart of the frontend. @returns a function that stops it */
export function watchFrontend(root: string, onChange: (file: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = FOLDERS.map((folder) =>
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (file === null || !file.endsWith(".ts") || file.endsWith(".test.ts")) return;
      clearTimeout(timer);
      timer = setTimeout(() => onChange(join(folder, file)), QUIET_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
