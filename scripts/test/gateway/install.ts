import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorText, inCache, run, withLock } from "@taskassistant/cluster/machine";
import { ensurePython } from "./python.ts";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
const INSTALL_MS = 900_000;

/** The folder with the pinned packages. Other pins are another folder. */
function folderOf(requirements: string): string {
  return join(inCache("python"), createHash("sha256").update(requirements).digest("hex").slice(0, 16));
}

/** The command `litellm` of the pinned packages, as `ensureLiteLlm` installs it. */
export const liteLlmProgram = (): string => join(folderOf(readFileSync(REQUIREMENTS, "utf8")), "bin/litellm");

/**
 * Installs the pinned packages once, into an environment of their own.
 * @throws with the reason, such as a missing Python or network
 */
export async function ensureLiteLlm(log: (line: string) => void): Promise<void> {
  const folder = folderOf(readFileSync(REQUIREMENTS, "utf8"));
  const complete = join(folder, ".complete");
  await withLock(`${folder}.lock`, INSTALL_MS, async () => {
    if (existsSync(complete) && (await works(folder))) return;
    const python = await ensurePython(log);
    log("setup: installing the LiteLLM proxy (pip install, about 250 MB, once per requirements file)");
    const started = Date.now();
    rmSync(folder, { recursive: true, force: true });
    await run(python, ["-m", "venv", folder], { timeoutMs: INSTALL_MS, tail: 3 });
    // Only what is imported is compiled, at its first import: compiling everything takes longer than the download.
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"];
    const pinned = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--retries", "2", "-r", REQUIREMENTS];
    await run(join(folder, "bin/python"), [...pip, ...pinned], {
      timeoutMs: INSTALL_MS,
      tail: 3,
      title: "pip install",
    });
    writeFileSync(complete, "");
    log(`setup: installed the LiteLLM proxy in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/** Whether the environment still finds its packages. It does not when the Python that made it was replaced. */
async function works(folder: string): Promise<boolean> {
  const script = "import importlib.util, sys; sys.exit(importlib.util.find_spec('litellm') is None)";
  return run(join(folder, "bin/python"), ["-I", "-c", script], { timeoutMs: 60_000 }).then(
    () => true,
    () => false,
  );
}

/** Why the tests of the gateway can't run here. Undefined if they can; installs what they need. */
export async function missingForGateway(log: (line: string) => void): Promise<string | undefined> {
  try {
    await ensureLiteLlm(log);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
