import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { endWithOwner } from "@taskassistant/kit/testing";
import { z } from "zod";

const SUITE = dirname(createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/package.json"));
/** Maximum duration of a run, in milliseconds. */
const RUN_MAX_MS = 50_000;

const checksSchema = z.array(
  z.object({ id: z.string(), status: z.string(), errorMessage: z.string().optional(), description: z.string() }),
);

/** A check of every scenario: that all messages fit the protocol's schema. It alone proves nothing of the scenario. */
const WIRE = "wire-schema-valid";

/** What a scenario found: the ids of the checks that passed and of those that failed, each once. */
export interface ScenarioResult {
  passed: string[];
  failed: { id: string; why: string }[];
}

/** Runs all server scenarios of a revision of the protocol, scored or not, against a server without authorization. */
export async function runConformance(url: string, revision: string): Promise<Map<string, ScenarioResult>> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const args = ["server", "--url", url, "--requirements", revision, "--output-dir", folder, "--timeout", "10000"];
    const child = endWithOwner(
      spawn(process.execPath, [join(SUITE, "dist/index.js"), ...args], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: RUN_MAX_MS,
      }),
    );
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
    // The exit code says only whether everything passed; a scenario that is not done shows in the results.
    await once(child, "close");
    const results = new Map<string, ScenarioResult>();
    for (const name of await readdir(folder)) {
      const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T/.exec(name)?.[1];
      if (scenario !== undefined) results.set(scenario, await resultIn(join(folder, name, "checks.json")));
    }
    if (results.size === 0) throw new Error(`the suite ran no scenario:\n${output.join("").slice(-2_000)}`);
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function resultIn(file: string): Promise<ScenarioResult> {
  const checks = checksSchema.parse(JSON.parse(await readFile(file, "utf8")));
  const failed = new Map(
    checks
      .filter((check) => check.status === "FAILURE" || check.status === "WARNING")
      .map((check) => [check.id, check.errorMessage ?? check.description]),
  );
  const passed = checks.filter(({ id, status }) => status === "SUCCESS" && id !== WIRE && !failed.has(id));
  return { passed: [...new Set(passed.map(({ id }) => id))], failed: [...failed].map(([id, why]) => ({ id, why })) };
}
