import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import type { ProbeResult } from "../observe/probe-outcome.ts";
import { createProbeSchedule } from "../observe/probe-schedule.ts";
import { assess } from "./findings/assess.ts";
import { factsOf } from "./findings/facts.ts";
import { allTiersServe } from "./findings/servers/server-state.ts";
import { createReadyHold } from "./ready-hold.ts";
import { nextStatus } from "./status.ts";

const WHOLE = { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };
/** The new pod starts beside the old one. */
const SURGE = { observedGeneration: 1, replicas: 2, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };
/** For a moment no pod counts as available, as after a node was drained. */
const GAP = { observedGeneration: 1, replicas: 1, readyReplicas: 0, updatedReplicas: 1, availableReplicas: 0 };

const GOOD: ProbeResult = {};
const BAD: ProbeResult = {
  frontend: "http://demo-frontend.team.svc:3000/sign-in does not answer: connection refused.",
};

/** What happens in a second: the state of every server's Deployment, what a probe would find, and whether the database has a pod. */
interface Second {
  readonly servers?: object;
  readonly probe?: ProbeResult;
  readonly database?: boolean;
  /** A change of the spec that no person can help. */
  readonly spec?: object;
}

/** Plays the seconds one by one, as the operator sees them, and returns what Ready was after each. */
async function play(seconds: readonly Second[]) {
  const clock = createFakeClock();
  const fixture = snapshotFixture();
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  fixture.putServers();
  const { database } = fixture.plan().desired!;
  let now: Second = {};
  const probes = createProbeSchedule({
    probe: async () => now.probe ?? GOOD,
    changed: () => undefined,
    clock,
    signal: new AbortController().signal,
  });
  const hold = createReadyHold(clock.now);
  const seen: { readonly status: string; readonly reason: string; readonly message: string }[] = [];
  for (const second of [...Array<Second>(5).fill({}), ...seconds]) {
    now = second;
    if (second.spec !== undefined) fixture.edit(second.spec);
    fixture.putServers(second.servers ?? WHOLE);
    fixture.put(database!, { readyReplicas: second.database === false ? 0 : 1 });
    const snapshot = fixture.snapshot();
    const facts = factsOf(snapshot, fixture.plan(), []);
    const isServing = allTiersServe(facts.servers);
    const probe = isServing ? probes.latest(snapshot.key, "uid") : undefined;
    if (!isServing) probes.forget(snapshot.key);
    if (!isServing || probe !== undefined) {
      const { findings } = hold.steady("team/demo", snapshot.assistant.status, assess(facts, probe));
      const status: TaskAssistantStatus = nextStatus(snapshot, facts.plan, findings, { operatorVersion: "0.1.0" });
      fixture.record(status);
      seen.push(status.conditions!.find(({ type }) => type === "Ready")!);
    }
    await clock.advance(1_000);
  }
  return seen.slice(-seconds.length);
}

const repeat = (count: number, second: Second) => Array<Second>(count).fill(second);
/** The changes of Ready's status, beginning with the first one. */
const turns = (seen: readonly { readonly status: string }[]) =>
  seen.map(({ status }) => status).filter((status, index, all) => index === 0 || status !== all[index - 1]);

describe("Ready in a rolling restart", () => {
  it("never turns while pods are replaced, though a probe meets a pod that ends and counts have gaps", async () => {
    const restart = [
      ...repeat(6, { servers: SURGE }),
      ...repeat(4, { servers: SURGE, probe: BAD }),
      ...repeat(3, { servers: GAP }),
      ...repeat(6, { servers: SURGE }),
      ...repeat(5, { servers: WHOLE, probe: BAD }),
      ...repeat(40, {}),
    ];
    expect(turns(await play([...restart, ...restart, ...restart]))).toEqual(["True"]);
  });

  it("never turns while the one pod of the database is replaced within ten seconds", async () => {
    expect(turns(await play([...repeat(10, { database: false }), ...repeat(40, {})]))).toEqual(["True"]);
  });
});

describe("Ready in an outage", () => {
  it.each<[string, Second]>([
    ["no page answers", { probe: BAD }],
    ["no pod is available", { servers: GAP }],
    ["the database is gone", { database: false }],
  ])("is False within a minute when %s, and True as soon as it is over", async (_what, outage) => {
    const seen = await play([...repeat(70, outage), ...repeat(15, {})]);
    const turned = seen.findIndex(({ status }) => status === "False");
    expect(turned).toBeGreaterThan(5);
    expect(turned).toBeLessThanOrEqual(60);
    expect(turns(seen)).toEqual(["True", "False", "True"]);
  });

  it("is False at once when the cause does not pass by itself", async () => {
    const suspended = { spec: { model: { provider: "Demo" }, suspend: true }, servers: {} };
    expect((await play([suspended]))[0]).toMatchObject({ status: "False", reason: "Suspended" });
    const missing = {
      spec: { model: { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "gone", key: "k" } } },
    };
    expect((await play([missing]))[0]).toMatchObject({ status: "False", reason: "SecretNotFound" });
  });

  it("is told though it flickers, because a pod that is ready counts only once a probe agrees", async () => {
    const flicker = [...repeat(14, { servers: GAP }), { servers: WHOLE }];
    const seen = await play([...flicker, ...flicker]);
    expect(turns(seen)).toEqual(["True", "False"]);
  });
});
