import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { taskAssistantRestoreResource } from "../src/api/restores/v1alpha1/index.ts";
import { type TaskAssistant, TIERS, taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { builtin } from "../src/kube/index.ts";
import { BROKEN, catalogue, fateOf } from "./fixtures/played-releases.ts";
import { recordedOf, watchAssistant } from "./harness/assistant-watch.ts";
import {
  type ClusterHarness,
  createAssistant,
  eventually,
  patchAssistant,
  secret,
  startClusterHarness,
  startOperator,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { type Fate, startStubKubelet } from "./harness/stub-kubelet.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SPEC = { model: { provider: "Demo" }, version: "0.1.0" };
const BACKUP = {
  destination: { s3: { bucket: "store", endpoint: "http://minio:9000", credentialsSecretRef: { name: "s3" } } },
  encryption: { secretRef: { name: "key" } },
  verify: "Never",
};
const brokenNamespace = (version: string) => `broken-${version.replaceAll(".", "-")}`;
/** The controller of Jobs has a clock of its own, so a migration that hangs must soon have hung for too long. */
function brokenSpec(step: string): object {
  return step === "Migrate" ? { ...SPEC, database: { migrations: { timeout: "10s" } } } : SPEC;
}
const SPECS: Readonly<Record<string, object>> = {
  followed: { model: { provider: "Demo" }, upgrade: { policy: "Manual" } },
  resumed: SPEC,
  changed: SPEC,
  saved: { ...SPEC, backup: BACKUP },
  full: { ...SPEC, backup: BACKUP },
  ...Object.fromEntries(BROKEN.map(([version, , step]) => [brokenNamespace(version), brokenSpec(step)])),
};

let harness: ClusterHarness;
let bundled = "0.1.0";
/** Milliseconds by which the clock of the operator is fast. */
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
/** What becomes of pods, by `namespace component`. */
const played = new Map<string, Fate>();
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  harness = await startClusterHarness("operator-upgrade");
  ends.push(harness.stop);
  ends.push(startStubKubelet(harness.client, (pod) => fateOf(pod, played)).stop);
  await restartOperator();
  ends.push(() => operator.then((stop) => stop()));
  await Promise.all(
    Object.entries(SPECS).map(async ([namespace, spec]) => {
      await harness.namespace(namespace);
      await createAssistant(harness, namespace, "demo", spec);
    }),
  );
  await Promise.all(Object.keys(SPECS).map((namespace) => is(namespace, "Ready", "True", "Ready")));
});
afterAll(async () => {
  for (const end of ends.reverse()) await end().catch(() => undefined);
});

/** Stops the one that runs. Starts follow one another, though tests run side by side. */
let operator: Promise<() => Promise<void>> = Promise.resolve(async () => undefined);

async function restartOperator(): Promise<void> {
  operator = operator.then(async (stop) => {
    await stop();
    const env = { RELEASE_CATALOGUE: JSON.stringify({ ...catalogue, bundled }) };
    return (await startOperator(harness, { env, probe, now })).stop;
  });
  await operator;
}

/** People get an error from release 0.8.0. */
async function probe({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const frontend = await harness.get(CHILD_KINDS.Deployment.resource, namespace, `${name}-frontend`);
  const image: string = frontend?.spec.template.spec.containers[0].image ?? "";
  const isWrong = image.endsWith(":0.8.0") || (namespace === "resumed" && played.has("resumed verify"));
  return isWrong ? { frontend: "/sign-in answered 500 instead of the sign-in page." } : {};
}

const is = (namespace: string, ...condition: [string, string, string?]) =>
  waitCondition(harness, { namespace, name: "demo" }, ...condition);
const get = (namespace: string) =>
  harness.client.get<TaskAssistant>(taskAssistantResource, { namespace, name: "demo" }, { signal: harness.signal });
const change = (namespace: string, spec: object) => patchAssistant(harness, namespace, "demo", { spec });

async function reaches(namespace: string, step: string, to: string): Promise<TaskAssistant> {
  return eventually(
    `${namespace}: ${step} of ${to}`,
    async () => {
      const found = await get(namespace);
      const record = recordedOf(found);
      return record.step === step && record.to === to ? found : undefined;
    },
    150_000,
  );
}

async function podUids(namespace: string): Promise<string[]> {
  const pods = await harness.list(builtin.Pod, namespace);
  return pods.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
}

async function images(namespace: string): Promise<string[]> {
  const found = TIERS.map((tier) => harness.get(CHILD_KINDS.Deployment.resource, namespace, `demo-${tier}`));
  return (await Promise.all(found)).map((each) => each?.spec.template.spec.containers[0].image);
}

const imagesOf = (version: string) => TIERS.map((tier) => `registry.test/${tier}:${version}`);
/** Where the clock jumps, a pod that the scheduler has just seen counts as one that no node takes. */
const notReady = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith("False") && !line.startsWith("False Unschedulable"));

describe.concurrent("an upgrade", () => {
  it("follows the operator as the policy and the window say, and an operator with a newer release changes no pod", async () => {
    const before = await podUids("followed");
    bundled = "0.2.0";
    await restartOperator();
    await is("followed", "Upgradeable", "True", "NewerRelease");
    expect(await podUids("followed")).toEqual(before);

    const window = { schedule: "0 0 29 2 *", duration: "1m", timeZone: "UTC" };
    await change("followed", { upgrade: { policy: "Automatic", window } });
    await is("followed", "Upgradeable", "True", "WaitingForWindow");
    expect(await podUids("followed")).toEqual(before);

    const watched = watchAssistant(harness, "followed");
    const annotations = { "taskassistant.dev/upgrade-now": "0.2.0" };
    await patchAssistant(harness, "followed", "demo", { metadata: { annotations } });
    await reaches("followed", "Done", "0.2.0");
    const lines = await watched.stop(["# 0.2.0: it works"]);
    expect((await get("followed"))?.status).toMatchObject({
      version: { running: "0.2.0", target: "0.2.0" },
      upgrade: { step: "Done", from: "0.1.0", to: "0.2.0" },
      database: { schemaVersion: 11 },
    });
    expect(await images("followed")).toEqual(imagesOf("0.2.0"));
    expect(notReady(lines)).toEqual([]);

    await change("followed", { version: "0.1.0", upgrade: { window: null } });
    await reaches("followed", "Done", "0.1.0");
    const older = await get("followed");
    expect(older?.status).toMatchObject({ version: { running: "0.1.0" }, database: { schemaVersion: 11 } });
  });

  it("goes on after a restart of the operator at each step, through the release in between, and never back over a contraction", async () => {
    for (const each of ["migrate", ...TIERS, "verify"]) played.set(`resumed ${each}`, "pending");
    await change("resumed", { version: "0.2.1", frontend: { envFrom: [{ secretRef: { name: "later" } }] } });
    await reaches("resumed", "Preflight", "0.2.0");
    await restartOperator();
    const object = { apiVersion: "v1", kind: "Secret", metadata: { namespace: "resumed", name: "later" } };
    await harness.client.create(object, { signal: harness.signal });
    const moved: string[] = [];
    for (const [step, gate] of [
      ["Migrate", "migrate"],
      ["MCP", "mcp"],
      ["API", "api"],
      ["Frontend", "frontend"],
      ["Verify", "verify"],
    ] as const) {
      const { status } = await reaches("resumed", step, "0.2.0");
      expect(status?.version?.running).toBe("0.1.0");
      moved.push(gate);
      const expected = TIERS.map((tier) => `registry.test/${tier}:${moved.includes(tier) ? "0.2.0" : "0.1.0"}`);
      await eventually(`${step} is carried out`, async () => `${await images("resumed")}` === `${expected}`);
      await restartOperator();
      played.delete(`resumed ${gate}`);
    }
    await reaches("resumed", "Done", "0.2.1");
    expect(await images("resumed")).toEqual(imagesOf("0.2.1"));

    await change("resumed", { version: "0.1.0" });
    const refused = await is("resumed", "Upgradeable", "False", "DowngradeRefused");
    expect(refused.status?.version?.running).toBe("0.2.1");
    expect(await images("resumed")).toEqual(imagesOf("0.2.1"));
  });

  it("is cancelled by naming the release that runs, and ends at once for another", async () => {
    await change("changed", { version: "0.5.0" });
    await reaches("changed", "Frontend", "0.5.0");
    await change("changed", { version: "0.1.0" });
    const { status } = await reaches("changed", "RolledBack", "0.5.0");
    expect(status?.upgrade?.tries).toBeUndefined();
    expect(await images("changed")).toEqual(imagesOf("0.1.0"));

    await change("changed", { version: "0.5.0" });
    await reaches("changed", "Frontend", "0.5.0");
    await change("changed", { version: "0.2.0" });
    await reaches("changed", "Done", "0.2.0");
    expect(await images("changed")).toEqual(imagesOf("0.2.0"));
  });
});

describe.concurrent("the backup before an upgrade", () => {
  const restoreOf = (backup: string) => ({
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistantRestore",
    metadata: { namespace: "saved", name: "back" },
    spec: { source: { backupRef: { name: backup } }, target: { assistantRef: { name: "demo" } }, confirm: "demo" },
  });
  async function secrets(namespace: string): Promise<void> {
    await secret(harness, namespace, "key", { identity: "AGE-SECRET-KEY-1X" });
    await secret(harness, namespace, "s3", { accessKeyId: "a", secretAccessKey: "b" });
  }
  const restore = (phase: string) =>
    eventually(`the restore is ${phase}`, async () => {
      const found = await harness.get(taskAssistantRestoreResource, "saved", "back");
      return found?.status?.phase === phase ? found : undefined;
    });

  it("is stored before anything changes, and a restore and an upgrade wait for each other", async () => {
    await secrets("saved");
    played.set("saved backup", "running").set("saved migrate", "pending").set("saved restore", "running");
    const watched = watchAssistant(harness, "saved");
    await change("saved", { version: "0.2.0" });
    const { status } = await reaches("saved", "Backup", "0.2.0");
    const backup = status?.upgrade?.backupRef ?? "";
    await eventually("its Job", () => harness.get(CHILD_KINDS.Job.resource, "saved", `${backup}-run`));
    await restartOperator();
    await eventually("what is told", async () => {
      const { status: now } = (await get("saved")) ?? {};
      const ready = now?.conditions?.find(({ type }) => type === "Ready");
      return ready?.message.includes("step 2 of 7: Backup, 0 %");
    });
    expect(await images("saved")).toEqual(imagesOf("0.1.0"));

    played.delete("saved backup");
    await reaches("saved", "Migrate", "0.2.0");
    await harness.client.create(restoreOf(backup), { signal: harness.signal });
    await eventually("the restore waits", async () => {
      const waits = await restore("Pending");
      return waits.status?.conditions[0].message.includes("It waits for the upgrade of TaskAssistant demo to 0.2.0.");
    });

    played.delete("saved migrate");
    await reaches("saved", "Done", "0.2.0");
    await restore("Running");
    await change("saved", { version: "0.1.0" });
    await is("saved", "Upgradeable", "True", "WaitingForRestore");
    expect(await images("saved")).toEqual(imagesOf("0.2.0"));

    played.delete("saved restore");
    await restore("Succeeded");
    await reaches("saved", "Done", "0.1.0");
    await watched.stop(["# 0.2.0 after a backup, then a restore, then 0.1.0"]);
  });

  it("that fails ends the try with its reason, and nothing has changed", async () => {
    const failure = { ok: false, reason: "BackupFailed", message: "The object store is full." };
    played.set("full backup", { failed: JSON.stringify(failure) });
    const watched = watchAssistant(harness, "full");
    await secrets("full");
    await change("full", { version: "0.2.0" });
    const { status } = await reaches("full", "RolledBack", "0.2.0");
    await change("full", { version: "0.1.0" });
    await watched.stop(["# 0.2.0: the backup before it fails"]);
    expect(status?.upgrade).toMatchObject({ failedStep: "Backup", reason: "BackupFailed", tries: 1 });
    expect(status?.upgrade?.message).toContain("The object store is full.");
    expect(await images("full")).toEqual(imagesOf("0.1.0"));
  });
});

/** Lets a time pass for the operator, and makes it look. */
async function pass(minutes: number, namespaces: readonly string[]): Promise<void> {
  ahead += minutes * 60_000;
  const annotations = { "example.com/looked-at": now().toISOString() };
  await Promise.all(namespaces.map((each) => patchAssistant(harness, each, "demo", { metadata: { annotations } })));
}

describe("a broken release", () => {
  type Broken = (typeof BROKEN)[number];
  const failsByItself = ([, , step]: Broken) => step === "Migrate";

  it("is rolled back by itself, data and the old pods serving all the time", async () => {
    const watched = BROKEN.map(([version]) => watchAssistant(harness, brokenNamespace(version)));
    await Promise.all(BROKEN.map(([version]) => change(brokenNamespace(version), { version })));
    const found = new Map<string, { status: TaskAssistant["status"]; images: string[] }>();
    // Whoever is back gives the release up at once: a second try must not meet the jump of the clock.
    const back = async ([version]: Broken) => {
      const namespace = brokenNamespace(version);
      const { status } = await reaches(namespace, "RolledBack", version);
      found.set(version, { status, images: await images(namespace) });
      if (version !== BROKEN[0][0]) await change(namespace, { version: "0.1.0" });
    };
    const early = Promise.all(BROKEN.filter(failsByItself).map(back));
    const late = BROKEN.filter((each) => !failsByItself(each));
    await Promise.all(late.map(([version, , step]) => reaches(brokenNamespace(version), step, version)));
    await Promise.all(["0.3.0", "0.4.0", "0.8.0"].map(told));
    await early;
    await pass(
      11,
      late.map(([version]) => brokenNamespace(version)),
    );
    await Promise.all(late.map(back));
    for (const [at, [version, what, step, reason]] of BROKEN.entries()) {
      const { status, images: running } = found.get(version) ?? {};
      const lines = (await watched[at]?.stop([`# ${version}: ${what}`])) ?? [];
      const record = { failedVersion: version, failedStep: step, reason, tries: 1 };
      expect.soft(status?.upgrade, what).toMatchObject(record);
      expect.soft(status?.version, what).toMatchObject({ running: "0.1.0", target: version });
      expect.soft(running, what).toEqual(imagesOf("0.1.0"));
      expect.soft(step === "Verify" ? [] : notReady(lines), what).toEqual([]);
    }
  });

  /** Waits until the record says what is wrong. */
  function told(version: string): Promise<unknown> {
    const namespace = brokenNamespace(version);
    const reason = BROKEN.find(([each]) => each === version)?.[3];
    return eventually(`${version} tells why`, async () => recordedOf(await get(namespace)).reason === reason);
  }

  it("is given up after three tries, with the reason and the next command, until the spec asks for another", async () => {
    const [version, , step] = BROKEN[0];
    const namespace = brokenNamespace(version);
    for (const tries of [2, 3]) {
      await pass(2, [namespace]);
      await reaches(namespace, step, version);
      await told(version);
      await pass(11, [namespace]);
      await eventually(`try ${tries}`, async () => {
        const record = recordedOf(await get(namespace));
        return record.step === "RolledBack" && record.tries === tries;
      });
    }
    await pass(60, [namespace]);
    const failed = await is(namespace, "Stalled", "True", "NotUpgradeable");
    expect(failed.status?.upgrade).toMatchObject({ tries: 3, step: "RolledBack" });
    const upgradeable = failed.status?.conditions?.find(({ type }) => type === "Upgradeable");
    expect(upgradeable).toMatchObject({ status: "False", reason: "UpgradeFailed" });
    expect(upgradeable?.message).toContain(`failed 3 times, last in step ${step}. Image registry.test/api:0.3.0`);
    expect(upgradeable?.message).toContain("Next: kubectl");
    await is(namespace, "Ready", "True");
    expect(await images(namespace)).toEqual(imagesOf("0.1.0"));
    await change(namespace, { version: "0.2.0" });
    await reaches(namespace, "Done", "0.2.0");
  });
});
