import { describe, expect, it } from "vitest";
import { snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
import { ApiError, type KubeClient, type KubeObject } from "../../kube/index.ts";
import { LeaseLostError } from "../../runtime/index.ts";
import { apply } from "./apply.ts";
import { createConflictLog } from "./conflicts.ts";

interface Line {
  readonly fields: object;
  readonly message: string;
}

/** An API server that records what is applied; `answer` may refuse an object by throwing. */
function harness(answer: (object: KubeObject) => void = () => undefined) {
  const applied: string[] = [];
  const lines: Line[] = [];
  const client = {
    get: async () => undefined,
    apply: async (object: KubeObject) => {
      answer(object);
      applied.push(`${object.kind}/${object.metadata.name}`);
      return { object, taken: [] };
    },
  } as unknown as KubeClient;
  const log = {
    debug: (fields: object, message: string) => void lines.push({ fields, message }),
    info: () => undefined,
  };
  const { signal } = new AbortController();
  return { applied, lines, deps: { client, signal, log, conflicts: createConflictLog() } };
}

/** A complete assistant, as it was applied. */
function appliedFixture() {
  const fixture = snapshotFixture();
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  for (const { child } of fixture.plan().apply) fixture.put(child);
  // Again, for their statuses.
  fixture.putMigratedDatabase();
  return fixture;
}

describe("applying a plan", () => {
  it("sends only what differs, here the volume claim, of which the fixture has little", async () => {
    const fixture = appliedFixture();
    const { applied, deps } = harness();
    expect(await apply(deps, fixture.snapshot(), fixture.plan())).toEqual([]);
    expect(applied).toEqual(["PersistentVolumeClaim/demo-db-data"]);
  });

  it("logs at debug which field makes an apply necessary", async () => {
    const fixture = appliedFixture();
    const api = structuredClone(fixture.plan().desired!.servers.api!);
    api.spec!.template.spec!.containers[0]!.image = "another";
    fixture.put(api);
    const { applied, lines, deps } = harness();
    await apply(deps, fixture.snapshot(), fixture.plan());
    expect(applied).toContain("Deployment/demo-api");
    expect(lines).toContainEqual({
      fields: { path: 'spec.template.spec.containers[name="api"].image' },
      message: 'Deployment demo-api differs at spec.template.spec.containers[name="api"].image',
    });
  });

  it("names the uid of an object that exists, so that one that was deleted meanwhile is not created again", async () => {
    const fixture = appliedFixture();
    const api = fixture.plan().desired!.servers.api!;
    fixture.put(api, {}, { metadata: { ...api.metadata, uid: "u1" }, spec: {} });
    const sent = new Map<string, string | undefined>();
    const { deps } = harness(({ kind, metadata }) => void sent.set(`${kind}/${metadata.name}`, metadata.uid));
    await apply(deps, fixture.snapshot(), fixture.plan());
    expect(sent.get("Deployment/demo-api")).toBe("u1");
    expect(sent.get("PersistentVolumeClaim/demo-db-data")).toBe("v1");
  });

  it.each<[string, object, string[]]>([
    ["somebody else's", { labels: { app: "shop" } }, ["never"]],
    [
      "our own",
      { ownerReferences: [{ uid: snapshotFixture().snapshot().assistant.metadata.uid }] },
      ["never", "taken"],
    ],
  ])(
    "looks at an object that has the name of a child before it takes its fields: %s",
    async (_whose, metadata, forces) => {
      const fixture = snapshotFixture();
      fixture.putCredentials();
      const { deps } = harness();
      const asked: string[] = [];
      const client = {
        ...deps.client,
        apply: async (object: KubeObject, { force = "taken" }: { force?: string }) => {
          if (object.kind !== "StatefulSet") return { object, taken: [] };
          asked.push(force);
          if (force === "never") throw new ApiError({ status: 409, message: "conflict with kubectl" });
          return { object, taken: [] };
        },
        get: async () => ({ apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "demo-db", ...metadata } }),
      } as unknown as KubeClient;
      const problems = await apply({ ...deps, client }, fixture.snapshot(), fixture.plan());
      expect(asked).toEqual(forces);
      expect(problems.map(({ kind }) => kind)).toEqual(forces.length === 1 ? ["nameTaken"] : []);
    },
  );

  const error = (status: number, message: string) => new ApiError({ status, message: `PATCH /x/demo: ${message}` });
  it.each<[string, unknown, string, string]>([
    ["a quota", error(403, "exceeded quota: small"), "refused", "exceeded quota: small"],
    ["an invalid value", error(422, "spec.x: Invalid value"), "refused", "spec.x: Invalid value"],
    [
      "a webhook that can't be reached",
      error(500, 'Internal error occurred: failed calling webhook "a.b": connection refused'),
      "refused",
      'Internal error occurred: failed calling webhook "a.b": connection refused',
    ],
    ["a server in trouble", error(500, "etcdserver: request timed out"), "failed", "etcdserver: request timed out"],
    ["a server that is busy", error(429, "too many requests"), "failed", "too many requests"],
    ["a token that has expired", error(401, "Unauthorized"), "failed", "Unauthorized"],
    ["a broken connection", new Error("fetch failed", { cause: new Error("reset") }), "failed", "fetch failed: reset"],
    ["an object that was replaced meanwhile", error(409, "uid mismatch"), "failed", "uid mismatch"],
  ])("applies the other children and reports it when one meets %s", async (_what, thrown, kind, message) => {
    const fixture = snapshotFixture();
    fixture.putCredentials();
    const { applied, deps } = harness((object) => {
      if (object.kind === "StatefulSet") throw thrown;
    });
    expect(await apply(deps, fixture.snapshot(), fixture.plan())).toEqual([
      { kind, object: "StatefulSet demo-db", message },
    ]);
    expect(applied).toHaveLength(fixture.plan().apply.length - 1);
  });

  it("applies the children and reports it when a Secret can't be created or an object not be deleted", async () => {
    const fixture = snapshotFixture();
    const { applied, deps } = harness();
    const refuse = async () => {
      throw error(403, "exceeded quota: small");
    };
    const client = { ...deps.client, create: refuse, delete: refuse } as unknown as KubeClient;
    const made = fixture.plan();
    const remove = [{ apiVersion: "v1", kind: "Service", metadata: { name: "demo-old", namespace: "team" } }];
    const problems = await apply({ ...deps, client }, fixture.snapshot(), { ...made, remove });
    expect(problems.map((problem) => problem.kind === "refused" && problem.object)).toEqual([
      "Secret demo-database",
      "Secret demo-auth",
      "Secret demo-exchange",
      "Secret demo-maintenance",
      "Service demo-old",
    ]);
    expect(applied).toHaveLength(made.apply.length);
  });

  it("ends when the reconcile is aborted or the lease is lost, instead of reporting every child", async () => {
    const { deps } = harness(() => {
      throw new LeaseLostError("held by another");
    });
    const fixture = snapshotFixture();
    fixture.putCredentials();
    await expect(apply(deps, fixture.snapshot(), fixture.plan())).rejects.toThrow("held by another");
    const stop = new AbortController();
    const aborted = harness(() => {
      stop.abort();
      throw new Error("aborted");
    });
    const given = { ...aborted.deps, signal: stop.signal };
    await expect(apply(given, fixture.snapshot(), fixture.plan())).rejects.toThrow("aborted");
  });

  it("names claim, sizes and class when the class does not let the data volume grow", async () => {
    const storage = { size: "10Gi" };
    const fixture = snapshotFixture({ model: { provider: "Demo" }, database: { managed: { storage } } });
    fixture.putCredentials();
    fixture.putVolume({ storageClassName: "standard", resources: { requests: { storage: "5Gi" } } });
    const { deps } = harness(({ kind }) => {
      if (kind === "PersistentVolumeClaim") throw error(403, "only dynamically provisioned pvc can be resized");
    });
    expect(await apply(deps, fixture.snapshot(), fixture.plan())).toEqual([
      {
        kind: "notGrown",
        claim: "demo-db-data",
        storageClass: "standard",
        size: "5Gi",
        wanted: "10Gi",
        message: "only dynamically provisioned pvc can be resized",
      },
    ]);
  });
});
