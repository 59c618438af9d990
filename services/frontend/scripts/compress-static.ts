import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ENCODINGS, isCompressible } from "../server/static/precompressed.ts";

/** Smaller files fit into one packet anyway. */
const MIN_BYTES = 1_400;

/** Stores each text file of a folder compressed beside it. Returns the bytes before and after, by brotli. */
export function compressStatic(folder: string): { before: number; after: number } {
  const sizes = { before: 0, after: 0 };
  for (const file of globSync("**/*", { cwd: folder }).filter(isCompressible)) {
    const path = join(folder, file);
    const content = readFileSync(path);
    if (content.length < MIN_BYTES) continue;
    const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
    writeFileSync(path + ENCODINGS.br, brotli);
    writeFileSync(path + ENCODINGS.gzip, gzipSync(content, { level: 9 }));
    sizes.before += content.length;
    sizes.after += brotli.length;
  }
  return sizes;
}
