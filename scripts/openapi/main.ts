import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithOwner } from "@taskassistant/kit/testing";
import { startHarness } from "../../services/api/test/harness/harness.ts";
import { schemathesisProgram } from "../test/schemathesis/install.ts";

/**
 * Checks the running API against its own OpenAPI document with schemathesis, as a person with a valid token. A part of
 * `make campaign`, which installs schemathesis; `SEED` repeats the requests.
 */
const SECONDS = 60;
const TOKEN_SECONDS = 900;

/** What is no fault here, and why. */
const CHECKS_LEFT_OUT = [
  // A schema can't say which texts are zones, rules or cursors, nor that a time needs a day.
  "positive_data_acceptance",
];

const h = await startHarness();
const folder = await mkdtemp(join(tmpdir(), "ta-openapi-"));
try {
  const { id, sid } = await h.user("anna");
  const token = h.issuer.sign("api", { sub: id, sid, exp: Math.floor(Date.now() / 1000) + TOKEN_SECONDS });
  const config = join(folder, "schemathesis.toml");
  await writeFile(config, configOf(id, token), { mode: 0o600 });
  const checks = ["--exclude-checks", CHECKS_LEFT_OUT.join(",")];
  const limits = ["--max-time", String(SECONDS), "--seed", process.env.SEED || "1", "--no-color", "--warnings", "off"];
  const argv = ["--config-file", config, "run", `${h.url}/api/openapi.json`, ...checks, ...limits];
  const [code] = await once(
    endWithOwner(spawn(schemathesisProgram(), argv, { stdio: "inherit", cwd: folder })),
    "exit",
  );
  process.exitCode = code ?? 1;
} finally {
  await rm(folder, { recursive: true, force: true });
  await h.close();
}

function configOf(userId: string, token: string): string {
  return `headers = { Authorization = "Bearer ${token}" }

# Another user's id is refused before anything else is looked at.
[parameters]
"path.user_id" = "${userId}"

# The document describes the stream as the text it is, and not each event.
[[operations]]
include-name = "POST /api/chat"
checks.response_schema_conformance.enabled = false
`;
}
