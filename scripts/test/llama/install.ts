import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { join } from "node:path";
import { aptInstall, errorText, inCache, run, which, withLock } from "@taskassistant/cluster/machine";
import { ensurePython } from "../python/python.ts";
import { BUILD_TOOLS, FLAGS, llamaFolder, SOURCE, SOURCE_FOLDER } from "./recipe.ts";

const DOWNLOAD_MS = 900_000;
const COMPILE_MS = 3_600_000;
/** What one run of the compiler may take. */
const JOB_BYTES = 2 * 1024 ** 3;
const PROGRAM = "llama-server";

const folderOf = (): string => join(inCache("llama"), llamaFolder());

/** The server of llama.cpp, as `ensureLlamaServer` compiles it. */
export const llamaServerProgram = (): string => join(folderOf(), PROGRAM);

/**
 * Compiles llama.cpp's server once.
 * @throws with the reason, such as a missing compiler, Python or network
 */
export async function ensureLlamaServer(log: (line: string) => void): Promise<void> {
  const folder = folderOf();
  await withLock(`${folder}.lock`, COMPILE_MS, async () => {
    if (existsSync(llamaServerProgram())) return;
    const compiler = await ensureCompiler(log);
    const python = await ensurePython(log);
    log("setup: compiling llama.cpp's server (a download of 120 MB, then about 7 minutes on two cores, once)");
    const started = Date.now();
    const work = `${folder}.work`;
    rmSync(work, { recursive: true, force: true });
    try {
      const built = await compile(work, python, compiler);
      mkdirSync(folder, { recursive: true });
      renameSync(built, llamaServerProgram());
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
    log(`setup: compiled llama.cpp's server in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/** The C++ compiler of the machine. Debian's is installed if there is none and this is root. */
async function ensureCompiler(log: (line: string) => void): Promise<string> {
  const find = () => which("g++") ?? which("clang++");
  const found = find();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && which("apt-get") !== undefined) await aptInstall(["g++"], log);
  const installed = find();
  if (installed === undefined) throw new Error("needs a C++ compiler (Debian: g++)");
  return installed;
}

/** Downloads, unpacks and compiles in this folder. Returns the path of the program. */
async function compile(work: string, python: string, compiler: string): Promise<string> {
  const tools = join(work, "tools/bin");
  const pip = ["-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "--retries", "2"];
  const pinned = ["--require-hashes", "--no-deps"];
  const withTools = { PATH: `${tools}:${process.env.PATH ?? ""}` };
  const step = (title: string, command: string, args: readonly string[], timeoutMs: number) =>
    run(command, args, { title, timeoutMs, cwd: work, env: withTools, tail: 5 });
  mkdirSync(work, { recursive: true });
  await step("python -m venv", python, ["-m", "venv", join(work, "tools")], DOWNLOAD_MS);
  const install = [...pip, "install", ...pinned, "--only-binary", ":all:", "-r", BUILD_TOOLS];
  await step("pip install", join(tools, "python"), install, DOWNLOAD_MS);
  // Without isolation pip would ask a registry for tools that are not pinned, to look at the package.
  const download = [...pip, "download", ...pinned, "--no-binary", ":all:", "--no-build-isolation", "-r", SOURCE];
  await step("pip download", join(tools, "python"), download, DOWNLOAD_MS);
  const archive = readdirSync(work).find((name) => name.endsWith(".tar.gz"));
  if (archive === undefined) throw new Error("pip downloaded no sources of llama.cpp");
  await step("tar", "tar", ["-xzf", archive], DOWNLOAD_MS);
  const source = join(work, archive.slice(0, -".tar.gz".length), SOURCE_FOLDER);
  const c = compiler.replace(/g\+\+$/, "gcc").replace(/clang\+\+$/, "clang");
  const compilers = [`-DCMAKE_C_COMPILER=${c}`, `-DCMAKE_CXX_COMPILER=${compiler}`];
  const build = join(work, "build");
  await step("cmake", "cmake", ["-S", source, "-B", build, "-G", "Ninja", ...FLAGS, ...compilers], DOWNLOAD_MS);
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / JOB_BYTES)));
  await step("ninja", "ninja", ["-C", build, "-j", `${jobs}`, PROGRAM], COMPILE_MS);
  return join(build, "bin", PROGRAM);
}

/** Why the tests with llama.cpp can't run here. Undefined if they can; compiles what they need. */
export async function missingForLlama(log: (line: string) => void): Promise<string | undefined> {
  try {
    await ensureLlamaServer(log);
    // It may have been compiled for another processor.
    await run(llamaServerProgram(), ["--version"], { timeoutMs: 60_000 });
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
