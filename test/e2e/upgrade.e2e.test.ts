import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Assistant, bringUp, eventually, example, NAMESPACES } from "./harness/cluster/assistants.ts";
import { settled, waitCondition } from "./harness/cluster/conditions.ts";
import { find, patch } from "./harness/cluster/objects.ts";
import { FIRST, NEXT, provideReleases, WITHOUT_IMAGE } from "./harness/cluster/releases.ts";
import { podsOf, replaced, rolledBy, touched } from "./harness/cluster/rollouts.ts";
import { emptied, frugal } from "./harness/cluster/tidy.ts";
import { loadReport, startLoad, stopLoad } from "./harness/load/load.ts";
import { typed } from "./harness/pages.ts";
import { type Person, signUp } from "./harness/people/people.ts";
import { workOf } from "./harness/people/work.ts";

const NS = NAMESPACES.upgrade;
const TIERS = ["api", "frontend", "mcp"];

let assistant: Assistant;
let ann: Person;

const live = () => find("taskassistants", NS, "demo");
const change = (spec: object) => patch("taskassistants", NS, "demo", { spec });
/** Carries out the sections of the how-to page that have such a heading. */
const page = (heading: RegExp) => typed("upgrade", heading, tmpdir(), NS);

/** Waits for the end of an upgrade or of its way back. @returns what `kubectl get ta -w` showed meanwhile */
async function watchUpgrade(version: string, step: "Done" | "RolledBack"): Promise<string[]> {
  const lines: string[] = [];
  const at = async () => {
    const status = (await live())?.status;
    const ready = status.conditions.find(({ type }: { type: string }) => type === "Ready");
    const line = `${ready.status} ${ready.reason} ${status.version?.running} ${ready.message}`;
    if (lines.at(-1) !== line) lines.push(line);
    return status.upgrade?.to === version ? status.upgrade.step : undefined;
  };
  await eventually(`the upgrade to ${version}`, at, (found) => found === step, 300);
  console.info([`# ${version}`, ...lines].join("\n"));
  return lines;
}

async function expectNothingLost(): Promise<void> {
  expect((await loadReport(NS)).failures).toEqual([]);
}

beforeAll(async () => {
  await emptied(NS);
  await provideReleases(inject("images"));
  const resource = frugal(example("demo.yaml"));
  resource.spec = { ...resource.spec, version: FIRST };
  assistant = await bringUp(NS, resource, 300);
  ann = await signUp(assistant.url, "Ann");
  await startLoad(assistant, ann, inject("images").api ?? "");
}, 600_000);
afterAll(() => emptied(NS), 300_000);

test("an upgrade under load replaces every tier, tells its steps, and loses no request", async () => {
  const before = await podsOf(NS, "demo");
  // Outside its window, because a person asks for it at once.
  await page(/^Choose the time/);
  const [lines] = await Promise.all([watchUpgrade(NEXT, "Done"), page(/^Follow the operator/)]);
  expect(lines.filter((line) => !line.startsWith("True "))).toEqual([]);
  expect(lines.join("\n")).toMatch(/True Upgrading .* step \d of 7: (MCP|API|Frontend), \d of 1 pods/);
  await change({ upgrade: { window: null } });
  await settled(NS, "demo");
  expect(replaced(before, await podsOf(NS, "demo"))).toEqual(expect.arrayContaining(TIERS));
  expect((await live())?.status.version).toMatchObject({ running: NEXT, target: NEXT });
  await expectNothingLost();
}, 600_000);

test("a release one of whose images is missing is rolled back by itself, and people notice nothing", async () => {
  const before = await podsOf(NS, "demo");
  await change({ version: WITHOUT_IMAGE, upgrade: { progressDeadline: "60s" } });
  const lines = await watchUpgrade(WITHOUT_IMAGE, "RolledBack");
  const status = (await live())?.status;
  expect(status.version).toMatchObject({ running: NEXT, target: WITHOUT_IMAGE });
  const why = expect.stringMatching(/Image .*api:0\.2\.1 can't be pulled/);
  expect(status.upgrade).toMatchObject({ failedVersion: WITHOUT_IMAGE, failedStep: "API", message: why });
  expect(await page(/^When it fails/)).toEqual([`${WITHOUT_IMAGE} API ${status.upgrade.reason}\n`]);
  expect(lines.filter((line) => !line.startsWith("True "))).toEqual([]);
  // The tiers after the broken one have not moved.
  expect(touched(before, await podsOf(NS, "demo"))).not.toContain("frontend");
  await change({ version: NEXT });
  await waitCondition(NS, "demo", "Upgradeable", { status: "True" });
  await settled(NS, "demo");
  await expectNothingLost();
}, 600_000);

test("a restart that a person asks for loses no request either, and nobody is signed out", async () => {
  const annotations = { "taskassistant.dev/restartedAt": new Date().toISOString() };
  await rolledBy(NS, "demo", TIERS, () => patch("taskassistants", NS, "demo", { metadata: { annotations } }));
  await expectNothingLost();

  const { counts, added } = await stopLoad(NS);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
  const titles = await workOf(assistant.url, ann).titles();
  // A page of the list holds fifty.
  expect(titles.filter((title) => title.startsWith("Load ")).length).toBe(Math.min(added, 50));
}, 600_000);
