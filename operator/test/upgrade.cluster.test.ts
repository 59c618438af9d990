import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type TaskAssistant, TIERS, taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { builtin } from "../src/kube/index.ts";
import { CATALOGUE } from "../src/releases/index.ts";
import { recordedOf, watchAssistant } from "./harness/assistant-watch.ts";
import {
  type ClusterHarness,
  createAssistant,
  eventually,
  patchAssistant,
  startClusterHarness,
  startOperator,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { type Fate, startStubKubelet } from "./harness/stub-kubelet.ts";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 200_000 });

/** A release whose images have its version as their tag, so that the kubelet can tell them apart. */
function release(version: string, schema = { min: 10, max: 10, compatibleFrom: 5 }) {
  const image = (part: string) => `registry.test/${part}:${version}`;
  const ours = {
    frontend: image("frontend"),
    api: image("api"),
    mcp: image("mcp"),
    modelDemo: image("model"),
    backup: image("backup"),
  };
  return { images: { ...ours, postgres: CATALOGUE.releases[CATALOGUE.bundled]!.images.postgres }, schema };
}

const EXPANDED = { min: 10, max: 11, compatibleFrom: 10 };

/** What is wrong with each release, and the step at which it shows. */
const BROKEN = [
  ["0.3.0", "an image is missing", "API", "ImagePullFailed"],
  ["0.4.0", "it crashes on start", "MCP", "CrashLooping"],
  ["0.5.0", "it never becomes ready", "Frontend", "DeadlineExceeded"],
  ["0.6.0", "its migration fails", "Migrate", "MigrationFailed"],
  ["0.7.0", "its migration hangs", "Migrate", "DeadlineExceeded"],
  ["0.8.0", "its verification fails", "Verify", "ProbeFailed"],
] as const;

const NAMESPACES = ["good", ...BROKEN.map(([version]) => `broken-${version.replaceAll(".", "-")}`)];

const catalogue = {
  bundled: "0.1.0",
  releases: {
    "0.1.0": release("0.1.0"),
    "0.2.0": release("0.2.0", EXPANDED),
    ...Object.fromEntries(BROKEN.map(([version]) => [version, release(version)])),
    // These have something to migrate.
    "0.6.0": release("0.6.0", EXPANDED),
    "0.7.0": release("0.7.0", EXPANDED),
  },
};

function fateOf(pod: Parameters<NonNullable<Parameters<typeof startStubKubelet>[1]>>[0]): Fate {
  const image = pod.spec.containers[0]!.image;
  const component = pod.metadata.labels?.["app.kubernetes.io/component"];
  if (image.endsWith("api:0.3.0"))
    return { waiting: { reason: "ErrImagePull", message: "registry.test/api:0.3.0: not found" } };
  if (image.endsWith("mcp:0.4.0") && component === "mcp") return { crashing: "TypeError: x is not a function" };
  if (image.endsWith("frontend:0.5.0")) return "unready";
  if (component === "migrate" && image.endsWith(":0.6.0"))
    return { failed: '{"reason":"MigrationFailed","message":"step 0011 failed and was rolled back"}' };
  if (component === "migrate" && image.endsWith(":0.7.0")) return "pending";
  return "ready";
}

const SPEC = {
  model: { provider: "Demo" },
  version: "0.1.0",
  upgrade: { progressDeadline: "10s" },
  database: { migrations: { timeout: "10s" } },
};

let harness: ClusterHarness;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  harness = await startClusterHarness("operator-upgrade");
  ends.push(harness.stop);
  ends.push(startStubKubelet(harness.client, fateOf).stop);
  await restartOperator();
  for (const namespace of NAMESPACES) {
    await harness.namespace(namespace);
    await createAssistant(harness, namespace, "demo", SPEC);
  }
  await Promise.all(
    NAMESPACES.map((namespace) => waitCondition(harness, { namespace, name: "demo" }, "Ready", "True", "Ready")),
  );
});
afterAll(async () => {
  for (const end of ends.reverse()) await end().catch(() => undefined);
});

let stopOperator: (() => Promise<void>) | undefined;

async function restartOperator(more: object = {}): Promise<void> {
  await stopOperator?.();
  const env = { RELEASE_CATALOGUE: JSON.stringify({ ...catalogue, ...more }) };
  const { stop } = await startOperator(harness, { env, probe });
  stopOperator = stop;
  if (ends.length === 2) ends.push(async () => stopOperator?.());
}

/** People get an error from release 0.8.0. */
async function probe({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const frontend = await harness.get(CHILD_KINDS.Deployment.resource, namespace, `${name}-frontend`);
  const image: string = frontend?.spec.template.spec.containers[0].image ?? "";
  return image.endsWith(":0.8.0") ? { frontend: "/sign-in answered 500 instead of the sign-in page." } : {};
}

const get = (namespace: string) =>
  harness.client.get<TaskAssistant>(taskAssistantResource, { namespace, name: "demo" }, { signal: harness.signal });

async function podUids(namespace: string): Promise<string[]> {
  const pods = await harness.list(builtin.Pod, namespace);
  return pods.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
}

async function images(namespace: string): Promise<string[]> {
  const found = TIERS.map((tier) => harness.get(CHILD_KINDS.Deployment.resource, namespace, `demo-${tier}`));
  return (await Promise.all(found)).map((each) => each?.spec.template.spec.containers[0].image);
}

it("an operator that is restarted, and one with a newer release that is not asked for, replace no pod", async () => {
  const before = await podUids("good");
  await restartOperator();
  await sleep(3_000);
  await restartOperator({ bundled: "0.2.0" });
  await waitCondition(harness, { namespace: "good", name: "demo" }, "Upgradeable", "True", "NewerRelease");
  expect(await podUids("good")).toEqual(before);
});

it("each broken release is rolled back by itself, and the assistant stays Ready", async () => {
  const told = await Promise.all(
    BROKEN.map(async ([version, what, step, reason]) => {
      const namespace = `broken-${version.replaceAll(".", "-")}`;
      const watched = watchAssistant(harness, namespace);
      await patchAssistant(harness, namespace, "demo", { spec: { version } });
      await eventually(`${version} is rolled back`, async () => recordedOf(await get(namespace)).step === "RolledBack");
      const lines = await watched.stop();
      const found = await get(namespace);
      expect
        .soft(recordedOf(found), what)
        .toMatchObject({ failedVersion: version, failedStep: step, reason, tries: 1 });
      expect.soft(found?.status?.version, what).toMatchObject({ running: "0.1.0", target: version });
      expect.soft(await images(namespace), what).toEqual(TIERS.map((tier) => `registry.test/${tier}:0.1.0`));
      expect
        .soft(
          lines.filter((line) => line.startsWith("False")),
          what,
        )
        .toEqual([]);
      return [`# ${version}: ${what}`, ...lines].join("\n");
    }),
  );
  expect(told[0]).toContain(
    "Upgrading 0.1.0 to 0.3.0, step 5 of 7: API, 0 of 1 pods. Image registry.test/api:0.3.0 can't be",
  );
  if (process.env.SHOW === "1") console.log(told.join("\n"));
});

it("a release that works is installed step by step, with every tier at its image", async () => {
  const watched = watchAssistant(harness, "good");
  await patchAssistant(harness, "good", "demo", { spec: { version: "0.2.0" } });
  await eventually("the upgrade", async () => recordedOf(await get("good")).step === "Done");
  const lines = await watched.stop();
  if (process.env.SHOW === "1") console.log(["# 0.2.0", ...lines].join("\n"));
  const found = await get("good");
  expect(found?.status).toMatchObject({
    version: { running: "0.2.0", target: "0.2.0" },
    upgrade: { step: "Done", from: "0.1.0", to: "0.2.0" },
    database: { schemaVersion: 11 },
  });
  expect(await images("good")).toEqual(TIERS.map((tier) => `registry.test/${tier}:0.2.0`));
  expect(lines.filter((line) => line.startsWith("False"))).toEqual([]);
});

it("a downgrade goes where the older release works on the schema, as it is", async () => {
  await patchAssistant(harness, "good", "demo", { spec: { version: "0.1.0" } });
  await eventually("the downgrade", async () => (await get("good"))?.status?.version?.running === "0.1.0");
  expect((await get("good"))?.status?.database?.schemaVersion).toBe(11);
});

it("a release that failed three times is not tried again until the spec changes", async () => {
  const namespace = "broken-0-6-0";
  const ref = { namespace, name: "demo" };
  await waitCondition(harness, ref, "Upgradeable", "False", "UpgradeFailed", 200_000);
  const failed = await waitCondition(harness, ref, "Stalled", "True", "NotUpgradeable");
  expect(recordedOf(failed)).toMatchObject({ tries: 3, step: "RolledBack" });
  expect(failed.status?.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
  await patchAssistant(harness, namespace, "demo", { spec: { version: "0.2.0" } });
  await eventually("another release", async () => (await get(namespace))?.status?.version?.running === "0.2.0");
});
