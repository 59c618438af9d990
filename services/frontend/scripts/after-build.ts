import { cpSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { HASHES_FILE, inlineScriptHashes } from "../server/security/script-hashes.ts";
import { compressStatic } from "./compress-static.ts";

/**
 * Runs after `next build`. Records the inline scripts of the prerendered pages for the Content-Security-Policy, compresses
 * the static files, and makes the server run `prelude.ts` first.
 */
const build = fileURLToPath(new URL("../.next", import.meta.url));
const pages = join(build, "server/app");

const entries = globSync("**/*.html", { cwd: pages })
  .sort()
  .map((file) => [pathOf(file), inlineScriptHashes(readFileSync(join(pages, file), "utf8"))] as const);
if (entries.length === 0) throw new Error(`no prerendered page below ${pages}; did next build run?`);

writeFileSync(join(build, HASHES_FILE), `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
const standalone = join(build, "standalone/services/frontend");
cpSync(join(build, HASHES_FILE), join(standalone, ".next", HASHES_FILE));
for (const [path, hashes] of entries) console.log(`${path}: ${hashes.length} inline scripts`);

// The standalone server serves static files from its own folder, and compressed ones as they are stored.
const { before, after } = compressStatic(join(build, "static"));
cpSync(join(build, "static"), join(standalone, ".next/static"), { recursive: true });
console.log(`static text files: ${before} bytes, ${after} compressed`);

// Next.js prints and accepts connections before it calls `instrumentation.ts`. Only what `server.js` imports first runs earlier.
await bundle({
  entryPoints: [fileURLToPath(new URL("../server/lifecycle/prelude.ts", import.meta.url))],
  outfile: join(standalone, "prelude.mjs"),
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
});
const server = join(standalone, "server.js");
writeFileSync(server, `import "./prelude.mjs";\n${readFileSync(server, "utf8")}`);

function pathOf(file: string): string {
  const path = `/${file.replace(/\.html$/, "")}`;
  return path === "/index" ? "/" : path;
}
