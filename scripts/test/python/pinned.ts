import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorText, inCache, run, withLock } from "@taskassistant/cluster/machine";
import { ensurePython } from "./python.ts";

const INSTALL_MS = 900_000;

/** Packages of Python's registry that are pinned by hash and installed once, into an environment of their own. */
export interface Pinned {
  /** The file with versions and hashes. */
  readonly requirements: string;
  /** What it is and how large, for people: `the LiteLLM proxy (pip install, about 250 MB, ...)`. */
  readonly what: string;
  /** A module that must be found for the environment to count as whole. */
  readonly module: string;
}

/** The folder with the pinned packages. Other pins are another folder. */
export function folderOf({ requirements }: Pinned): string {
  const content = readFileSync(requirements, "utf8");
  return join(inCache("python"), createHash("sha256").update(content).digest("hex").slice(0, 16));
}

/**
 * Installs the pinned packages once.
 * @throws with the reason, such as a missing Python or network
 */
export async function ensurePinned(pinned: Pinned, log: (line: string) => void): Promise<void> {
  const folder = folderOf(pinned);
  const complete = join(folder, ".complete");
  await withLock(`${folder}.lock`, INSTALL_MS, async () => {
    if (existsSync(complete) && (await works(folder, pinned.module))) return;
    const python = await ensurePython(log);
    log(`setup: installing ${pinned.what}`);
    const started = Date.now();
    rmSync(folder, { recursive: true, force: true });
    await run(python, ["-m", "venv", folder], { timeoutMs: INSTALL_MS, tail: 3 });
    // Only what is imported is compiled, at its first import: compiling everything takes longer than the download.
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"];
    const exactly = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--retries", "2"];
    const install = [...pip, ...exactly, "-r", pinned.requirements];
    await run(join(folder, "bin/python"), install, { timeoutMs: INSTALL_MS, tail: 3 }).catch((cause: unknown) => {
      log(`setup: ${errorText(cause)}`);
      throw new Error(
        "pip can't install the pinned packages; its own words are above. Is the package index reachable?",
      );
    });
    writeFileSync(complete, "");
    log(`setup: installed in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/** Whether the environment still finds its packages. It does not when the Python that made it was replaced. */
async function works(folder: string, module: string): Promise<boolean> {
  const script = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`;
  return run(join(folder, "bin/python"), ["-I", "-c", script], { timeoutMs: 60_000 }).then(
    () => true,
    () => false,
  );
}
