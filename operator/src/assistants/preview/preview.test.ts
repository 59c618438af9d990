import { describe, expect, it } from "vitest";
import { type SnapshotFixture, snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { freezeOf, isPlanned } from "../plan/freeze.ts";
import { assess } from "../report/findings/assess.ts";
import { factsOf } from "../report/findings/facts.ts";
import { planSummary } from "../report/findings/summary/plan-summary.ts";
import { nextStatus } from "../report/status.ts";
import { asItRuns, preview } from "./preview.ts";

const DEMO = { model: { provider: "Demo" } };
const PAUSE = { "taskassistant.dev/reconcile": "disabled" };
const PLAN = { "taskassistant.dev/plan": "true" };

/** An assistant that works, with the status that says so. */
function running(spec: object = DEMO): SnapshotFixture {
  const fixture = snapshotFixture(spec);
  fixture.putCredentials();
  fixture.putVolume();
  for (const child of fixture.plan().desired!.foundation) fixture.put(child);
  fixture.putMigratedDatabase();
  fixture.put(fixture.plan().desired!.maintenance!);
  const { spec: claim, metadata } = fixture.plan().desired!.volume!;
  fixture.putVolume(claim as never, { ...metadata, uid: "v1" });
  fixture.putServers();
  fixture.record(report(fixture));
  return fixture;
}

/** The status that a reconcile would write, with the children frozen if the resource says so. */
function report(fixture: SnapshotFixture): TaskAssistantStatus {
  const snapshot = fixture.snapshot();
  const facts = factsOf(snapshot, fixture.plan(), []);
  return nextStatus(snapshot, facts.plan, assess(facts, {}), { operatorVersion: "0.1.0" });
}

/** The same for frozen children, and what would be done. */
async function frozen(fixture: SnapshotFixture) {
  const snapshot = fixture.snapshot();
  const by = freezeOf(snapshot.assistant)!;
  const deps = { client: {} as never, signal: new AbortController().signal, dryRun: async () => undefined };
  const plan = await preview(deps, snapshot, fixture.plan("frozen"), by, isPlanned(snapshot.assistant));
  const seen = asItRuns(snapshot);
  const facts = factsOf(seen, plan, []);
  const status = nextStatus(seen, plan, assess(facts, {}), { operatorVersion: "0.1.0" });
  const of = (type: string) => status.conditions?.find((each) => each.type === type);
  return { plan, status, of };
}

describe("a paused assistant", () => {
  it("is told as Paused, goes on being judged, and nothing is written", async () => {
    const fixture = running();
    fixture.annotate(PAUSE);
    fixture.edit({ ...DEMO, api: { image: "registry.example/api:2" } });
    const { plan, of } = await frozen(fixture);
    expect(plan).toMatchObject({ apply: [], remove: [], createSecrets: [], relabel: [] });
    expect(of("Ready")).toMatchObject({ status: "True", reason: "Paused" });
    expect(of("Ready")?.message).toContain("kubectl -n team annotate ta demo taskassistant.dev/reconcile-");
    expect(of("Paused")).toMatchObject({ status: "True", reason: "Paused", observedGeneration: 2 });
    expect(of("Reconciling")).toMatchObject({ status: "True", reason: "Paused" });
    expect(of("Stalled")?.status).toBe("False");
  });

  it("that matches its spec is at rest, and one that fails says so in spite of the pause", async () => {
    const fixture = running();
    fixture.annotate(PAUSE);
    expect((await frozen(fixture)).of("Reconciling")).toMatchObject({ status: "False", reason: "Settled" });
    fixture.putServers({ observedGeneration: 1, replicas: 1 });
    expect((await frozen(fixture)).of("Ready")).toMatchObject({ status: "False", reason: "Paused" });
  });

  it("that never existed says what everything waits for", async () => {
    const fixture = snapshotFixture();
    fixture.annotate(PAUSE);
    const { of, plan } = await frozen(fixture);
    expect(of("ApiAvailable")?.message).toBe("demo-api is waiting for the pause to end.");
    expect(of("Ready")?.status).toBe("False");
    expect(plan.frozen?.migrates).toBe(true);
  });

  it.each([
    [{ "taskassistant.dev/reconcile": " Disabled" }, "paused"],
    [{ "taskassistant.dev/reconcile": "disabled", "taskassistant.dev/plan": "true" }, "paused"],
    [{ "taskassistant.dev/plan": "true" }, "planned"],
    [{ "taskassistant.dev/reconcile": "enabled", "taskassistant.dev/plan": "false" }, undefined],
    [{ "taskassistant.dev/reconcile": "disable" }, undefined],
  ])("is one with %o: %s", (annotations, expected) => {
    const fixture = running();
    fixture.annotate(annotations);
    expect(freezeOf(fixture.snapshot().assistant)).toBe(expected);
  });

  it("is not one whose annotation has a value that means nothing, and that is told", () => {
    const fixture = running();
    fixture.annotate({ "taskassistant.dev/reconcile": "disable" });
    const found = report(fixture).conditions?.find(({ type }) => type === "Paused");
    expect(found).toMatchObject({ status: "False", reason: "UnknownValue" });
    expect(found?.message).toContain('only "disabled" does');
  });
});

describe("a plan", () => {
  it("names each object with its fields, what restarts, and whether a migration runs", async () => {
    const fixture = running();
    fixture.annotate(PLAN);
    fixture.edit({ ...DEMO, mcp: { image: "registry.example/mcp:2" }, agent: { maxSteps: 4 } });
    const { status, of } = await frozen(fixture);
    const job = fixture.plan().desired!.migration!.metadata.name;
    expect(status.plan).toMatchObject({
      summary: "1 to create, 3 to change, 1 to remove. The pods of demo-mcp, demo-api restart. A migration runs.",
      generation: 2,
      migration: true,
      restarts: ["demo-mcp", "demo-api"],
      madeAt: "2026-01-01T00:10:00Z",
    });
    const lines = status.plan?.changes?.map(({ summary }) => summary);
    expect(lines).toContain(`Create Job ${job}`);
    expect(lines).toContainEqual(expect.stringMatching(/^Remove Job demo-migrate-\w+$/));
    expect(lines).toContain('Change Deployment demo-api: env[name="AGENT_MAX_STEPS"].value: 8 -> 4');
    expect(lines).toContainEqual(
      expect.stringMatching(/^Change Deployment demo-mcp: image: \S+ -> registry.example\/mcp:2$/),
    );
    expect(of("Ready")).toMatchObject({ status: "True", reason: "Ready" });
    expect(of("Ready")?.message).toContain("A plan waits: 1 to create, 3 to change, 1 to remove.");
    expect(of("Reconciling")).toMatchObject({ status: "True", reason: "PlanWaits" });
    expect(of("MigrationsApplied")?.status).toBe("True");
  });

  it("says which upgrade would begin", () => {
    const change = { action: "Change", kind: "Deployment", name: "demo-api", fields: [], restarts: true } as const;
    const upgrade = { from: "0.1.0", to: "0.2.0" };
    expect(planSummary({ by: "planned", changes: [change], migrates: true, upgrade })).toBe(
      "Upgrade from 0.1.0 to 0.2.0 in 7 steps. 1 to change. The pods of demo-api restart. A migration runs.",
    );
  });

  it("keeps its time while it stays the same, follows the spec, and says when nothing would change", async () => {
    const fixture = running();
    fixture.annotate(PLAN);
    const nothing = (await frozen(fixture)).status;
    expect(nothing.plan).toEqual({
      summary: "Nothing would change.",
      madeAt: "2026-01-01T00:10:00Z",
      generation: 1,
      migration: false,
    });
    fixture.record({ ...nothing, plan: { ...nothing.plan!, madeAt: "2025-12-31T00:00:00Z" } });
    expect((await frozen(fixture)).status.plan?.madeAt).toBe("2025-12-31T00:00:00Z");
    fixture.edit({ ...DEMO, api: { replicas: 3 } });
    const { status } = await frozen(fixture);
    expect(status.plan).toMatchObject({ madeAt: "2026-01-01T00:10:00Z", generation: 2 });
    expect(status.plan?.changes?.[0]?.fields).toContainEqual({ path: "spec.replicas", from: "1", to: "3" });
    expect(status.plan?.restarts).toBeUndefined();
  });

  it("changes nothing of what the status says about what runs, whatever the spec asks for", async () => {
    const fixture = running();
    const before = fixture.snapshot().assistant.status!;
    fixture.annotate(PLAN);
    fixture.edit({
      suspend: true,
      model: { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "missing", key: "k" } },
      exposure: { type: "Ingress", host: "tasks.example.com", tls: { secretName: "missing" } },
    });
    const { status, of } = await frozen(fixture);
    expect(of("Ready")).toMatchObject({ status: "True", reason: "Ready" });
    expect(of("Suspended")?.status).toBe("False");
    expect({ url: status.url, model: status.model }).toEqual({ url: before.url, model: before.model });
    expect(of("Accepted")).toMatchObject({ status: "False", reason: "SecretNotFound" });
    expect(status.plan?.blocked).toContain("Accepted: Secret missing (key k)");
  });

  it("of a new assistant creates everything, with a migration whose name is not known yet", async () => {
    const fixture = snapshotFixture();
    fixture.annotate(PLAN);
    const { status, of } = await frozen(fixture);
    expect(status.plan?.changes?.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).toEqual(
      expect.arrayContaining([
        "Create Secret demo-database",
        "Create PersistentVolumeClaim demo-db-data",
        "Create Deployment demo-api",
        "Create Job demo-migrate-*",
      ]),
    );
    expect(of("Ready")?.status).toBe("False");
    expect(of("ApiAvailable")?.message).toBe("demo-api is waiting for the plan to be carried out.");
  });

  it("is bounded, and says how many objects and fields more there are", async () => {
    const fixture = running();
    fixture.annotate(PLAN);
    const labels = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`example.com/label-${index}`, "x".repeat(63)]),
    );
    fixture.edit({ ...DEMO, inheritedMetadata: { labels } });
    const { plan } = (await frozen(fixture)).status;
    expect(JSON.stringify(plan).length).toBeLessThan(20_000);
    expect((plan?.changes?.length ?? 0) + (plan?.moreChanges ?? 0)).toBeGreaterThan(20);
    expect(plan?.moreChanges).toBeGreaterThan(0);
    expect(plan?.changes?.[0]).toMatchObject({ moreFields: 6 });
  });
});
