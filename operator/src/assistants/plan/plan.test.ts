import { describe, expect, it } from "vitest";
import { credentials, scene } from "../../../test/snapshot-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { allChildren } from "../desired/index.ts";
import { assess } from "../report/findings/assess.ts";
import type { Plan } from "./plan.ts";

const has = (world: ReturnType<typeof scene>, id: string) =>
  world.applied(world.make()).some((each) => each.startsWith(id));

describe("the order of things", () => {
  it("is Secrets, then volume and database, then the migration, then the servers that need it", () => {
    const world = scene();
    expect(world.make().createSecrets.map(({ name }) => name)).toEqual(["demo-database", "demo-auth", "demo-exchange"]);
    expect([
      has(world, "PersistentVolumeClaim"),
      has(world, "StatefulSet"),
      has(world, "Job"),
      has(world, "Deployment/demo-api"),
    ]).toEqual([false, false, false, false]);

    credentials(world);
    expect(world.make().createSecrets).toEqual([]);
    expect([has(world, "PersistentVolumeClaim"), has(world, "StatefulSet"), has(world, "Job")]).toEqual([
      true,
      true,
      false,
    ]);

    world.volume();
    world.put(world.make().desired!.database!, { readyReplicas: 1 });
    expect([has(world, "Job"), has(world, "Deployment/demo-api")]).toEqual([true, false]);

    const job = world.make().desired!.migration!;
    world.put(job, { conditions: [{ type: "Complete", status: "True" }] });
    expect(["mcp", "api", "frontend"].map((tier) => has(world, `Deployment/demo-${tier}`))).toEqual([true, true, true]);
  });

  it("does not wait for a migration that is known to have succeeded, though its Job is gone", () => {
    const first = scene();
    credentials(first);
    first.volume();
    const name = first.make().desired!.migration!.metadata.name;
    const world = scene(undefined, { database: { migration: name } });
    credentials(world);
    world.volume();
    expect(has(world, "Deployment/demo-api")).toBe(true);
  });
});

describe("every child", () => {
  const OPENAI = { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example.com/v1" };
  it.each([
    ["as they come", { model: { provider: "Demo" } }],
    ["with an Ingress", { model: OPENAI, exposure: { type: "Ingress", host: "a.example" } }],
  ])("is applied in the end, and none is removed: %s", (_what, spec) => {
    const world = scene(spec);
    credentials(world);
    world.volume();
    const { database, migration } = world.make().desired!;
    world.put(database!, { readyReplicas: 1 });
    world.put(migration!, { conditions: [{ type: "Complete", status: "True" }] });
    const wanted = allChildren(world.make().desired!);
    for (const child of wanted) if (child.kind !== "StatefulSet" && child.kind !== "Job") world.put(child);
    const made = world.make();
    expect(made.apply.map(({ child }) => child)).toEqual(allChildren(made.desired!));
    expect(made.remove).toEqual([]);
  });
});

describe("a failed migration Job", () => {
  const failed = (since: string) => {
    const world = scene();
    credentials(world);
    world.volume();
    const { database, migration } = world.make().desired!;
    world.put(database!, { readyReplicas: 1 });
    world.put(migration!, { conditions: [{ type: "Failed", status: "True", lastTransitionTime: since }] });
    return world.make();
  };

  it("is left for a minute, then made anew", () => {
    const early = failed("2026-01-01T00:09:30Z");
    expect([early.remove, early.requeueAfterMs]).toEqual([[], 30_000]);
    const due = failed("2026-01-01T00:08:00Z");
    expect(due.remove.map(({ kind }) => kind)).toEqual(["Job"]);
    expect(due.apply.some(({ child }) => child.kind === "Job")).toBe(false);
  });
});

describe("credentials", () => {
  it.each<[string, (world: ReturnType<typeof scene>) => void, TaskAssistantStatus | undefined]>([
    ["a volume", (world) => world.volume(), undefined],
    ["a migration that once succeeded", () => undefined, { database: { migration: "x" } }],
    ["a volume that was once seen", () => undefined, { database: { volume: "x" } }],
  ])("are not made over %s", (_what, prepare, status) => {
    const world = scene(undefined, status);
    prepare(world);
    const made = world.make();
    expect(made.createSecrets.map(({ name }) => name)).toEqual(["demo-exchange"]);
    expect(made.blockers[0]?.reason).toBe("CredentialsMissing");
  });

  it("that lack one key are no credentials", () => {
    const world = scene();
    credentials(world);
    world.secret("demo-database", "admin-password", "auth-password", "instance-id");
    world.volume();
    expect(world.make().blockers[0]?.message).toContain("Secret demo-database has no app-password");
  });

  it("of the user's are not generated", () => {
    const made = scene({ model: { provider: "Demo" }, auth: { secretRef: { name: "mine" } } }).make();
    expect(made.createSecrets.map(({ name }) => name)).toEqual(["demo-database", "demo-exchange"]);
    expect(made.blockers[0]?.message).toContain("Secret mine (key secret)");
  });
});

describe("pruning", () => {
  it("takes what the spec no longer asks for, and never what it only can't build for now", () => {
    const world = scene();
    credentials(world);
    world.volume();
    const { desired } = world.make();
    const external = scene({
      model: { provider: "OpenAICompatible", name: "m" },
      database: { mode: "External", external: { secretRef: { name: "pg" } } },
    });
    for (const child of [...desired!.foundation, desired!.migration!, ...Object.values(desired!.servers)])
      external.put(child);
    const removed = external.make().remove.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(removed).toContain("Deployment/demo-model");
    expect(removed).toContain("Service/demo-db");
    expect(removed.filter((id) => /demo-(frontend|api|mcp|migrate)/.test(id))).toEqual([]);
  });
});

describe("suspension", () => {
  const deployed = (spec: object, replicas: number, owned: boolean, status?: TaskAssistantStatus) => {
    const world = scene(spec, status);
    credentials(world);
    world.volume();
    const { api } = world.make().desired!.servers;
    const annotations = owned ? { "taskassistant.dev/owns-replicas": "true" } : {};
    world.put(api!, {}, { metadata: { ...api!.metadata, annotations }, spec: { ...api!.spec, replicas } });
    return world.make();
  };
  const handover = (made: Plan) =>
    made.apply.find(({ child }) => child.kind === "Deployment" && child.metadata.name === "demo-api")?.handover;
  const demo = { model: { provider: "Demo" } };
  const migrated = (): TaskAssistantStatus => {
    const world = scene();
    credentials(world);
    world.volume();
    return { database: { migration: world.make().desired!.migration!.metadata.name } };
  };

  it("remembers a count that is not ours, and keeps remembering while it lasts", () => {
    expect(deployed({ ...demo, suspend: true }, 3, false).suspendedReplicas).toEqual({ api: 3 });
    expect(deployed({ ...demo, suspend: true }, 0, true, { suspendedReplicas: { api: 3 } }).suspendedReplicas).toEqual({
      api: 3,
    });
  });

  it("hands the count back, and forgets it when that is done", () => {
    const status = { ...migrated(), suspendedReplicas: { api: 3 } };
    const resuming = deployed(demo, 0, true, status);
    expect([handover(resuming), resuming.suspendedReplicas]).toEqual([3, { api: 3 }]);
    const after = deployed(demo, 3, false, status);
    expect([handover(after), after.suspendedReplicas]).toEqual([undefined, undefined]);
  });

  it("hands over a count the spec gives up; a 0 of ours becomes 1", () => {
    expect(handover(deployed(demo, 5, true, migrated()))).toBe(5);
    expect(handover(deployed(demo, 0, true, migrated()))).toBe(1);
    expect(handover(deployed({ ...demo, api: { replicas: 2 } }, 5, true, migrated()))).toBeUndefined();
  });
});

describe("the findings", () => {
  it("of an empty world name the first thing that is awaited, and stall on nothing", () => {
    const world = scene();
    const findings = assess(world.observed(), world.make(), [], undefined);
    const of = (type: string) => findings.find((each) => each.type === type);
    expect([of("Ready")?.status, of("Ready")?.reason]).toEqual(["False", "Waiting"]);
    expect(of("Reconciling")?.status).toBe("True");
    expect(of("Stalled")?.status).toBe("False");
  });

  it("put what the API server refuses into Stalled and Ready, in its own words", () => {
    const world = scene();
    credentials(world);
    const findings = assess(
      world.observed(),
      world.make(),
      [{ kind: "refused", message: "exceeded quota" }],
      undefined,
    );
    const of = (type: string) => findings.find((each) => each.type === type);
    expect([of("Ready")?.reason, of("Stalled")?.reason, of("Stalled")?.message]).toEqual([
      "ApplyRefused",
      "ApplyRefused",
      "exceeded quota",
    ]);
  });
});

describe("an Ingress", () => {
  const message = (trustedProxies?: string[]) => {
    const exposure = { type: "Ingress", host: "a.example", ...(trustedProxies && { trustedProxies }) };
    const world = scene({ model: { provider: "Demo" }, exposure });
    for (const child of world.make().desired!.foundation) world.put(child);
    return assess(world.observed(), world.make(), [], undefined).find(({ type }) => type === "Exposed")?.message;
  };

  it("behind which all share one limit of sign-in attempts says so until its proxies are named", () => {
    expect(message(["10.244.0.0/16"])).toBe("Ingress demo routes http://a.example to the web application.");
    expect(message()).toContain("until spec.exposure.trustedProxies names");
  });
});

describe("a rollout", () => {
  const rolling = (availableReplicas: number) => {
    const status = {
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: availableReplicas,
      updatedReplicas: 1,
      availableReplicas,
    };
    const world = scene();
    credentials(world);
    world.volume();
    const { database, migration, servers } = world.make().desired!;
    world.put(database!, { readyReplicas: 1 });
    world.put(migration!, { conditions: [{ type: "Complete", status: "True" }] });
    for (const server of Object.values(servers)) world.put(server, status, { spec: { ...server.spec, replicas: 1 } });
    const findings = assess(world.observed(), world.make(), [], "disabled");
    return (type: string) => findings.find((each) => each.type === type);
  };

  it("that nobody notices leaves Ready alone and is told as progress", () => {
    const of = rolling(1);
    expect([of("Ready")?.status, of("ApiAvailable")?.status, of("Reconciling")?.status]).toEqual([
      "True",
      "True",
      "True",
    ]);
    expect(of("Reconciling")?.message).toBe("demo-frontend: 1 of 1 pods are ready, 1 of the newest template.");
  });

  it("without any pod that serves is not Ready", () => {
    const of = rolling(0);
    expect([of("Ready")?.reason, of("ApiAvailable")?.reason, of("Reconciling")?.status]).toEqual([
      "RollingOut",
      "RollingOut",
      "True",
    ]);
  });
});
