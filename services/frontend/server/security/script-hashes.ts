import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { ScriptHashes } from "./csp.ts";

/** Name of the file in the build's folder (`.next`). */
export const HASHES_FILE = "script-hashes.json";

/** CSP sources (`'sha256-…'`) of the inline scripts of an HTML document, in order and without duplicates. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const match of html.matchAll(/<script(?<attributes>[^>]*)>(?<code>.*?)<\/script>/gis)) {
    const { attributes = "", code = "" } = match.groups ?? {};
    if (/\ssrc=/i.test(attributes) || code === "") continue;
    hashes.add(`'sha256-${createHash("sha256").update(code).digest("base64")}'`);
  }
  return [...hashes];
}

/** Reads the hashes of this build. There are none in development, where pages are not prerendered. */
export function readScriptHashes(buildFolder: string): ScriptHashes {
  try {
    const text = readFileSync(join(buildFolder, HASHES_FILE), "utf8");
    return z.record(z.string(), z.array(z.string())).parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}
