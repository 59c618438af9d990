import { cpSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { HASHES_FILE, inlineScriptHashes } from "../server/security/script-hashes.ts";

/** After `next build`: notes the inline scripts of the prerendered pages for the Content-Security-Policy. */
const build = fileURLToPath(new URL("../.next", import.meta.url));
const pages = join(build, "server/app");

const entries = globSync("**/*.html", { cwd: pages })
  .sort()
  .map((file) => [pathOf(file), inlineScriptHashes(readFileSync(join(pages, file), "utf8"))] as const);
if (entries.length === 0) throw new Error(`no prerendered page below ${pages}; did next build run?`);

writeFileSync(join(build, HASHES_FILE), `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
cpSync(join(build, HASHES_FILE), join(build, "standalone/services/frontend/.next", HASHES_FILE));
for (const [path, hashes] of entries) console.log(`${path}: ${hashes.length} inline scripts`);

function pathOf(file: string): string {
  const path = `/${file.replace(/\.html$/, "")}`;
  return path === "/index" ? "/" : path;
}
