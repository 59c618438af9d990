import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** A copy of a checkout in which things may be broken. */
export interface Scratch {
  readonly root: string;
  /** Changes the files as the patch says, lets `work` look at them, and puts them back. Undefined if it does not apply. */
  broken<T>(patch: string, files: readonly string[], work: () => Promise<T>): Promise<T | undefined>;
  remove(): void;
}

/**
 * Copies what is or may come under version control. The packages are hard links, so that the copy takes a second and its
 * workspaces lead to each other. What tools keep inside `node_modules` (`.vite`) is left out, because they write into it.
 */
export function createScratch(checkout: string): Scratch {
  const parent = join(checkout, ".cache/mutants");
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(join(parent, "tree-"));
  for (const path of filesOf(checkout)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(checkout, path), join(root, path));
  }
  for (const folder of globSync("{node_modules,*/node_modules,*/*/node_modules}", { cwd: checkout })) {
    mkdirSync(dirname(join(root, folder)), { recursive: true });
    execFileSync("cp", ["-al", join(checkout, folder), join(root, folder)]);
    for (const made of globSync(".vite*", { cwd: join(root, folder) })) {
      rmSync(join(root, folder, made), { recursive: true });
    }
  }
  return { root, broken, remove: () => rmSync(root, { recursive: true, force: true }) };

  async function broken<T>(patch: string, files: readonly string[], work: () => Promise<T>): Promise<T | undefined> {
    if (!applies(root, patch)) return undefined;
    const before = files.map((file) => [file, readFileSync(join(root, file))] as const);
    gitApply(root, [patch]);
    try {
      return await work();
    } finally {
      for (const [file, bytes] of before) writeFileSync(join(root, file), bytes);
    }
  }
}

/** Whether the patch fits. Changes nothing. */
function applies(root: string, patch: string): boolean {
  try {
    gitApply(root, ["--check", patch]);
    return true;
  } catch {
    return false;
  }
}

function gitApply(root: string, args: readonly string[]): void {
  // Without a repository of its own the copy would count as a folder of the checkout it lies in, whose files git would change.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(root) };
  execFileSync("git", ["apply", "--whitespace=nowarn", ...args], { cwd: root, env, stdio: "pipe" });
}

function filesOf(checkout: string): string[] {
  const flags = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "-z"];
  return execFileSync("git", flags, { cwd: checkout, encoding: "utf8", maxBuffer: 64 << 20 })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(checkout, path)));
}
