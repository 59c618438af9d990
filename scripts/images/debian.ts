import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, withLock } from "@taskassistant/cluster/machine";

/** The Debian release of the images. The machine itself may run an older one. */
const SUITE = "trixie";
/** Where a package of the form NAME/sid comes from: what no release has yet. */
const NEWEST = "sid";
/** Maximum duration of a download from the mirror. */
const DOWNLOAD_MS = 10 * 60_000;
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

export interface PackageSource {
  uri: string;
  suite: string;
  signedBy: string;
}

/**
 * Reads the mirrors from apt's source files, which are in deb822 format or have one line per source, and returns them for our
 * release, and with `newest` for the newest one as well.
 */
export function mirrorsOf(files: { name: string; text: string }[], newest = false): PackageSource[] {
  const uris = new Set<string>();
  for (const { name, text } of files) {
    for (const line of text.split("\n")) {
      const found = name.endsWith(".sources")
        ? /^URIs:\s*(.+)$/.exec(line)
        : /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line);
      for (const uri of found?.[1]?.trim().split(/\s+/) ?? []) uris.add(uri.replace(/\/$/, ""));
    }
  }
  const isSecurity = (uri: string) => uri.endsWith("-security");
  const ours = [...uris].map((uri) => ({
    uri,
    suite: isSecurity(uri) ? `${SUITE}-security` : SUITE,
    signedBy: KEYRING,
  }));
  if (!newest) return ours;
  const others = [...uris].filter((uri) => !isSecurity(uri)).map((uri) => ({ uri, suite: NEWEST, signedBy: KEYRING }));
  return [...ours, ...others];
}

/**
 * Downloads the packages, each NAME or NAME/sid, without their dependencies and unpacks them into `root`. apt runs with a configuration of its
 * own, so the package lists of the machine stay as they are. Another process that downloads into the same cache is waited for.
 */
export async function unpackPackages(packages: string[], root: string, cacheDir: string): Promise<void> {
  const newest = packages.some((name) => name.endsWith(`/${NEWEST}`));
  // Apart, so that no other image gets the newest version of a package.
  const debs = join(cacheDir, newest ? "debs-newest" : "debs");
  await mkdir(debs, { recursive: true });
  // apt itself fails at once where another apt uses its lists.
  await withLock(join(cacheDir, "apt.lock"), 2 * DOWNLOAD_MS, async () => {
    const apt = await privateApt(cacheDir, newest);
    await run("apt-get", [...apt, "download", ...packages], { cwd: debs, timeoutMs: DOWNLOAD_MS });
  });
  await mkdir(root, { recursive: true });
  const files = await readdir(debs);
  for (const asked of packages) {
    const [name = asked] = asked.split("/");
    const file = files
      .filter((each) => each.startsWith(`${name}_`))
      .sort()
      .at(-1);
    if (!file) throw new Error(`apt-get downloaded no file for the package ${name}`);
    await run("dpkg-deb", ["-x", join(debs, file), root], { timeoutMs: 60_000 });
  }
}

async function privateApt(cacheDir: string, newest: boolean): Promise<string[]> {
  const state = join(cacheDir, newest ? "apt-newest" : "apt");
  for (const dir of ["state/lists/partial", "cache/archives/partial"])
    await mkdir(join(state, dir), { recursive: true });
  await writeFile(join(state, "status"), "");
  const sources = mirrorsOf(await aptSourceFiles(), newest);
  if (sources.length === 0)
    throw new Error("no Debian mirror in /etc/apt; building the images without a registry needs one");
  const list = sources.map(({ uri, suite, signedBy }) => `deb [signed-by=${signedBy}] ${uri} ${suite} main`).join("\n");
  await writeFile(join(state, "sources.list"), `${list}\n`);
  // Only what is asked for by suite comes from there.
  await writeFile(join(state, "preferences"), `Package: *\nPin: release n=${NEWEST}\nPin-Priority: 100\n`);
  const options = {
    "Dir::Etc::SourceList": join(state, "sources.list"),
    "Dir::Etc::SourceParts": "/dev/null",
    "Dir::Etc::Preferences": join(state, "preferences"),
    "Dir::Etc::PreferencesParts": "/dev/null",
    "Dir::State": join(state, "state"),
    "Dir::State::status": join(state, "status"),
    "Dir::Cache": join(state, "cache"),
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  await run("apt-get", [...flags, "-q", "update"], { timeoutMs: DOWNLOAD_MS });
  return flags;
}

async function aptSourceFiles(): Promise<{ name: string; text: string }[]> {
  const parts = await readdir("/etc/apt/sources.list.d").catch(() => []);
  const paths = ["/etc/apt/sources.list", ...parts.map((part) => `/etc/apt/sources.list.d/${part}`)];
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8").catch(() => "")));
  return paths.map((name, index) => ({ name, text: texts[index] ?? "" }));
}
