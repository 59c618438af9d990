import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ensurePython, findPython } from "./python.ts";

const folder = mkdtempSync(join(tmpdir(), "ta-python-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with programs that say they are Python of this version, or that fail. */
function holding(programs: Record<string, string>): string {
  const path = mkdtempSync(join(folder, "bin-"));
  for (const [name, says] of Object.entries(programs)) {
    const file = join(path, name);
    mkdirSync(path, { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${says}\n`);
    chmodSync(file, 0o755);
  }
  return path;
}

it.each([
  ["3 10", false],
  ["3 11", true],
  ["3 13", true],
  ["3 14", false],
  ["2 13", false],
])("takes the versions that the pinned packages are for: %s is taken: %s", async (version, taken) => {
  const path = holding({ python3: `echo ${version}` });
  expect(await findPython(path)).toBe(taken ? join(path, "python3") : undefined);
});

it("passes by one that can't make environments, and takes the next that can", async () => {
  const path = holding({
    python3: "echo \"ModuleNotFoundError: No module named 'ensurepip'\" >&2; exit 1",
    "python3.12": "echo 3 12",
  });
  expect(await findPython(`${folder}:${path}`)).toBe(join(path, "python3.12"));
});

it("names what is missing where nothing can be installed", async () => {
  await expect(ensurePython(() => undefined, folder)).rejects.toThrow(
    "needs Python 3.11 to 3.13 with its module venv (Debian: python3-venv)",
  );
});
