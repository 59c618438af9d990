import { describe, expect, it } from "vitest";
import { desiredInput } from "../../../test/fixtures/assistant-fixture.ts";
import { isWorkload, podTemplateOf } from "../../kinds/index.ts";
import { allChildren, children } from "./children.ts";
import { COMPONENTS, type Component } from "./components.ts";
import { componentOf, selectorLabels } from "./labels.ts";

/** Where the resource has the settings of each component's pods. */
const FIELDS = {
  frontend: (settings: object) => ({ frontend: settings }),
  api: (settings: object) => ({ api: settings }),
  mcp: (settings: object) => ({ mcp: settings }),
  model: (demo: object) => ({ model: { provider: "Demo", demo } }),
  db: (managed: object) => ({ database: { mode: "Managed", managed } }),
  maintenance: (migrations: object) => ({ database: { mode: "Managed", migrations } }),
  migrate: (migrations: object) => ({ database: { mode: "Managed", migrations } }),
} satisfies { [C in Exclude<Component, "people" | "backup">]: (settings: object) => object };

/** All but the pods that a person or the controllers of backups and restores create. */
const WITH_PODS = COMPONENTS.filter((component) => component !== "people" && component !== "backup");

/** The pod template of each component. */
function pods(spec: object = {}) {
  const workloads = allChildren(children(desiredInput({ model: { provider: "Demo" }, ...spec }))).filter(isWorkload);
  return new Map(workloads.map((child) => [componentOf(child), podTemplateOf(child)!]));
}

describe.each(WITH_PODS)("the pod of %s", (component) => {
  const pod = (settings?: object, more?: object) =>
    pods({ ...more, ...(settings && FIELDS[component](settings)) }).get(component)!;
  const container = (settings?: object) => pod(settings).spec!.containers[0]!;

  it("has requests and limits for CPU and memory, as a quota may demand", () => {
    const { requests, limits } = container().resources!;
    expect([Object.keys(requests!), Object.keys(limits!)]).toEqual([
      ["cpu", "memory"],
      ["cpu", "memory"],
    ]);
  });

  it("takes its resources from the spec", () => {
    const limits = { cpu: "1500m", memory: "700Mi" };
    expect(container({ resources: { limits } }).resources?.limits).toEqual(limits);
  });

  it("takes where it runs from the spec", () => {
    const scheduling = {
      nodeSelector: { pool: "ai" },
      tolerations: [{ key: "ai", operator: "Exists", effect: "NoSchedule" }],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }],
        },
      },
      priorityClassName: "high",
      runtimeClassName: "gvisor",
    };
    expect(pod({ scheduling }).spec).toMatchObject(scheduling);
  });

  it("spreads as the spec says, among the pods of its component", () => {
    const constraint = { maxSkew: 2, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" };
    expect(pod({ scheduling: { topologySpreadConstraints: [constraint] } }).spec?.topologySpreadConstraints).toEqual([
      { ...constraint, labelSelector: { matchLabels: selectorLabels("demo", component) } },
    ]);
  });

  it("has the labels and annotations of the spec beside its own", () => {
    const podMetadata = {
      labels: { "sidecar.istio.io/inject": "false" },
      annotations: { "linkerd.io/inject": "disabled" },
    };
    const { metadata } = pod({ podMetadata });
    expect(metadata?.labels).toEqual({ ...pod().metadata?.labels, ...podMetadata.labels });
    expect(metadata?.annotations).toEqual({ ...pod().metadata?.annotations, ...podMetadata.annotations });
  });

  it("names no user and no group when the platform assigns them, and is still no root", () => {
    const ids = (spec: object) => {
      const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } = pod(undefined, spec).spec!.securityContext!;
      return { ids: [runAsUser, runAsGroup, fsGroup], runAsNonRoot };
    };
    expect(ids({ podSecurity: { userIds: "Assigned" } })).toEqual({
      ids: [undefined, undefined, undefined],
      runAsNonRoot: true,
    });
    expect(ids({}).ids[0]).toBeGreaterThan(0);
  });
});

it("new settings of the migration's pod lead to a new Job, because the template of a Job can't change", () => {
  const name = (migrations: object) =>
    children(desiredInput({ model: { provider: "Demo" }, ...FIELDS.migrate(migrations) })).migration!.metadata.name;
  expect(name({ resources: { limits: { cpu: "1" } } })).not.toBe(name({}));
});

describe("metadata of objects", () => {
  it("are inherited by every child, whose own labels come first", () => {
    const labels = { "example.com/team": "blue" };
    const annotations = { "example.com/cost": "7" };
    const plain = allChildren(children(desiredInput()));
    const inheriting = allChildren(
      children(desiredInput({ model: { provider: "Demo" }, inheritedMetadata: { labels, annotations } })),
    );
    expect(inheriting.map(({ metadata }) => metadata.labels)).toEqual(
      plain.map(({ metadata }) => ({ ...metadata.labels, ...labels })),
    );
    expect(inheriting.map(({ metadata }) => metadata.annotations)).toEqual(
      plain.map(({ metadata }) => ({ ...metadata.annotations, ...annotations })),
    );
  });

  it("of a tier's service account come from the spec", () => {
    const annotations = { "iam.example.com/role": "tasks" };
    const { foundation } = children(
      desiredInput({ model: { provider: "Demo" }, api: { serviceAccount: { annotations } } }),
    );
    const accounts = foundation.filter(({ kind }) => kind === "ServiceAccount");
    expect(accounts.filter(({ metadata }) => metadata.annotations).map(({ metadata }) => metadata)).toMatchObject([
      { name: "demo-api", annotations },
    ]);
  });
});
