import { resolve } from "node:path";
import { errorText } from "@taskassistant/cluster/machine";
import { startHarness } from "../../services/api/test/harness/harness.ts";
import { announceUse } from "../clean/users.ts";
import { holdAll } from "./hold-all.ts";
import { shareOf, totals } from "./outcome.ts";
import { readSettings, type Settings } from "./settings.ts";

/**
 * `make eval` holds scripted conversations with a model through the real API, MCP server and PostgreSQL, and judges the tasks they
 * leave behind. Ends with 0 however many are right, unless `MIN` asks for more; with 2 for a wrong variable.
 */
const say = (line: string) => console.log(line);
const settings = readOrExit();
announceUse("make eval", resolve(import.meta.dirname, "../.."));
const { model, agent, themes, min } = settings;
const h = await startHarness(model === undefined ? { agent } : { model, agent });
try {
  say(model === undefined ? "The demo model:" : `${model.name} at ${model.baseURL}:`);
  const outcomes = await holdAll(h, themes, say);
  say("");
  for (const line of totals(outcomes)) say(line);
  const share = shareOf(outcomes);
  if (min !== undefined && share < min) {
    say(`\n${share.toFixed(1)} % are right, fewer than MIN=${min}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(`eval: ${errorText(error)}`);
  process.exitCode = 1;
} finally {
  await h.close();
}

function readOrExit(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(`eval: ${errorText(error)}`);
    process.exit(2);
  }
}
