import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

/** SHA-256 (12 hex digits) of the files' content and some additional words. Missing files do not count. */
export async function hashOf(files: string[], words: string[] = []): Promise<string> {
  const hash = createHash("sha256");
  for (const word of words) hash.update(`word ${word}\0`);
  for (const file of [...files].sort()) {
    const content = await readFile(file).catch(() => undefined);
    if (content) hash.update(`file ${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

/** The files of the work tree below the given paths that git tracks or would track. */
export async function sourceFiles(root: string, paths: string[]): Promise<string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...paths];
  const names = execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 })
    .split("\0")
    .filter(Boolean);
  const files: string[] = [];
  for (const name of names.sort()) {
    if (/\.test\.tsx?$|__snapshots__|\.md$/.test(name)) continue;
    if (
      await stat(`${root}/${name}`).then(
        (found) => found.isFile(),
        () => false,
      )
    )
      files.push(`${root}/${name}`);
  }
  return files;
}
