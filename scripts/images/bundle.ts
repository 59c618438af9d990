import { build } from "esbuild";

/**
 * Bundles one program into one file for its image: `node scripts/images/bundle.ts <entry.ts> <out.mjs>`.
 * The banner gives packages that still call `require` one that works in an ES module.
 */
const [entry, outfile] = process.argv.slice(2);
if (!entry || !outfile) throw new Error("usage: node scripts/images/bundle.ts <entry.ts> <out.mjs>");

await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  sourcemap: false,
  legalComments: "none",
  logLevel: "warning",
  external: ["pg-native", "pino-pretty"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; import { fileURLToPath as __fileURLToPath } from "node:url"; const require = __createRequire(import.meta.url); const __filename = __fileURLToPath(import.meta.url); const __dirname = __fileURLToPath(new URL(".", import.meta.url));',
  },
});
