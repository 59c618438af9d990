import { aptInstall, run, which } from "@taskassistant/cluster/machine";

/** The versions of Python that the pinned packages are for. */
const [OLDEST, NEWEST] = [11, 13];
const NAMES = ["python3", "python3.13", "python3.12", "python3.11"];
const WANTED = `Python 3.${OLDEST} to 3.${NEWEST} with its module venv (Debian: python3-venv)`;

/**
 * A Python that can make environments of its own. Debian's is installed if there is none and this is root.
 * @throws with what is missing
 */
export async function ensurePython(log: (line: string) => void, path = process.env.PATH ?? ""): Promise<string> {
  const found = await findPython(path);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || which("apt-get", path) === undefined) throw new Error(`needs ${WANTED}`);
  await aptInstall(["python3-venv"], log);
  const installed = await findPython(`${path}:/usr/bin`);
  if (installed === undefined) throw new Error(`needs ${WANTED}, but apt-get installed another version`);
  return installed;
}

/** The first fitting Python in these folders. */
export async function findPython(path: string): Promise<string | undefined> {
  for (const folder of path.split(":")) {
    for (const name of NAMES) {
      const program = which(name, folder);
      if (program !== undefined && (await fits(program))) return program;
    }
  }
  return undefined;
}

/** Debian's Python without python3-venv has the module venv, but not the ensurepip that it needs. */
async function fits(program: string): Promise<boolean> {
  const script = "import ensurepip, sys, venv; print(sys.version_info.major, sys.version_info.minor)";
  const said = await run(program, ["-I", "-c", script], { timeoutMs: 60_000 }).catch(() => "");
  const [major, minor] = said.trim().split(" ").map(Number);
  return major === 3 && minor !== undefined && minor >= OLDEST && minor <= NEWEST;
}
