import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { envSchema as operatorEnv } from "../src/env.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { builtin, type KubeObject, loadKubeConfig, staticConfig } from "../src/kube/index.ts";
import { runOperator } from "../src/operator.ts";
import { definition } from "./assistant-fixture.ts";
import { operatorRequests } from "./audit.ts";
import {
  type AnyObject,
  type ClusterHarness,
  createAssistant,
  eventually,
  patchAssistant,
  root,
  startClusterHarness,
  waitCondition,
} from "./cluster-harness.ts";
import { type Fate, startStubKubelet } from "./stub-kubelet.ts";

const run = promisify(execFile);
const CHART = join(root, "charts/taskassistant-operator");
const RELEASE_NAMESPACE = "chart-release";

let harness: ClusterHarness;
let kubelet: ReturnType<typeof startStubKubelet>;
let check: Fate = "ready";

beforeAll(async () => {
  harness = await startClusterHarness("operator-chart", { withoutDefinition: true });
  kubelet = startStubKubelet(harness.client, ({ metadata }) =>
    metadata.labels?.["app.kubernetes.io/name"] === "taskassistant-uninstall-check" ? check : "ready",
  );
  await harness.namespace(RELEASE_NAMESPACE, { "pod-security.kubernetes.io/enforce": "restricted" });
});
afterAll(async () => {
  await kubelet?.stop();
  await harness?.stop();
});

async function helm(...args: string[]): Promise<string> {
  const { stdout } = await run(
    join(harness.cluster.programs, "helm"),
    ["--kubeconfig", harness.cluster.kubeconfig, ...args],
    { maxBuffer: 1e7 },
  );
  return stdout;
}

async function template(...args: string[]): Promise<AnyObject[]> {
  const text = await helm("template", "taskassistant", CHART, "-n", RELEASE_NAMESPACE, ...args);
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

function of(objects: AnyObject[], kind: string): AnyObject[] {
  return objects.filter((object) => object.kind === kind);
}

describe("the chart", () => {
  it("passes helm lint, and refuses invalid values", async () => {
    expect(await helm("lint", "--strict", CHART)).toContain("0 chart(s) failed");
    await expect(template("--set", "watchNamespaces={*,a}")).rejects.toThrow("watchNamespaces");
    await expect(template("--set", "probe=Enabled")).rejects.toThrow("probe");
  });

  it("contains the CRD unchanged, keeps it when the release is uninstalled, and leaves it out if asked", async () => {
    const [crd] = of(await template(), "CustomResourceDefinition");
    expect(crd?.spec).toEqual(definition.spec);
    expect(crd?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(of(await template("--set", "crds.install=false"), "CustomResourceDefinition")).toEqual([]);
  });

  it("creates a Role in each watched namespace, and no cluster-wide binding unless it watches all of them", async () => {
    const objects = await template("--set", "watchNamespaces={a,b}");
    expect(of(objects, "Role").map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      "a/taskassistant",
      "b/taskassistant",
      `${RELEASE_NAMESPACE}/taskassistant-self`,
    ]);
    expect(of(objects, "ClusterRoleBinding")).toEqual([]);
    const cluster = of(objects, "ClusterRole");
    expect(
      cluster.every(({ metadata }) =>
        Object.keys(metadata.labels ?? {}).some((label) => label.includes("aggregate-to")),
      ),
    ).toBe(true);
    expect(of(await template("--set", "watchNamespaces={*}"), "ClusterRoleBinding")).toHaveLength(1);
    expect(of(await template("--set", "rbac.aggregatedRoles=false"), "ClusterRole")).toEqual([]);
  });

  it("lets only the roles edit and admin change TaskAssistants, and view read them", async () => {
    const grants = of(await template(), "ClusterRole").map(({ metadata, rules }) => ({
      roles: Object.keys(metadata.labels ?? {}).flatMap((label) => /aggregate-to-(\w+)$/.exec(label)?.[1] ?? []),
      verbs: (rules as { verbs: string[] }[]).flatMap((rule) => rule.verbs),
    }));
    const rolesThat = (may: (verb: string) => boolean) =>
      new Set(grants.filter(({ verbs }) => verbs.some(may)).flatMap(({ roles }) => roles));
    expect(rolesThat((verb) => verb === "get")).toEqual(new Set(["edit", "admin", "view"]));
    expect(rolesThat((verb) => !["get", "list", "watch"].includes(verb))).toEqual(new Set(["edit", "admin"]));
  });

  it("grants no wildcard, no escalation and no access to the inside of pods", async () => {
    const objects = [...(await template()), ...(await template("--set", "watchNamespaces={*}"))];
    const rules = objects.flatMap(
      (object) => (object.rules as { apiGroups: string[]; resources: string[]; verbs: string[] }[] | undefined) ?? [],
    );
    expect(rules.length).toBeGreaterThan(10);
    const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    for (const bad of [
      "*",
      "escalate",
      "bind",
      "impersonate",
      "pods/exec",
      "pods/attach",
      "pods/portforward",
      "nodes",
      "roles",
      "clusterroles",
      "serviceaccounts/token",
    ]) {
      expect(words).not.toContain(bad);
    }
  });

  it("passes images and namespaces on to the operator", async () => {
    const objects = await template(
      "--set",
      "release.images.api=r.example/api:2",
      "--set",
      "watchNamespaces={a,b}",
      "--set",
      `image.digest=sha256:${"a".repeat(64)}`,
    );
    const container = of(objects, "Deployment")[0]?.spec.template.spec.containers[0];
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(env).toMatchObject({ RELEASE_IMAGES: '{"api":"r.example/api:2"}', WATCH_NAMESPACES: "a,b" });
    const started = await run(process.execPath, ["--version"], { env: { NODE_OPTIONS: env.NODE_OPTIONS } });
    expect(started.stdout).toBe(`${process.version}\n`);
    expect(container.image).toBe(`ghcr.io/taskassistant/operator@sha256:${"a".repeat(64)}`);
    const parsed = operatorEnv.parse({ ...env, POD_NAMESPACE: "a" });
    expect(parsed.WATCH_NAMESPACES).toEqual(["a", "b"]);
    expect(parsed.RELEASE_IMAGES).toEqual({ api: "r.example/api:2" });
  });
});

describe("a release", () => {
  it("installs into a namespace with PodSecurity restricted, and prints the next steps", async () => {
    const output = await helm(
      "install",
      "taskassistant",
      CHART,
      "-n",
      RELEASE_NAMESPACE,
      "--wait",
      "--timeout",
      "120s",
    );
    expect(output).toContain(`kubectl -n ${RELEASE_NAMESPACE} apply -f -`);
    expect(output).toContain("port-forward svc/demo-frontend 3000");
  });

  it("gives the operator's ServiceAccount every permission that its work needs", async () => {
    const token = (await harness.cluster.kubectl("-n", RELEASE_NAMESPACE, "create", "token", "taskassistant")).trim();
    const admin = await (await loadKubeConfig({ env: {}, path: harness.cluster.kubeconfig })).credentials();
    const { cert: _cert, key: _key, ...tls } = admin.tls;
    const stop = new AbortController();
    const quiet = () => undefined;
    const operator = runOperator({
      env: operatorEnv.parse({ POD_NAMESPACE: RELEASE_NAMESPACE, HEALTH_PORT: "0" }),
      kubeConfig: staticConfig({ server: admin.server, tls, headers: { authorization: `Bearer ${token}` } }),
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      signal: stop.signal,
      probe: async () => ({}),
    });
    try {
      const ref = { namespace: RELEASE_NAMESPACE, name: "demo" };
      await createAssistant(harness, RELEASE_NAMESPACE, "demo", {
        model: { provider: "Demo" },
        deletion: { policy: "Delete" },
        exposure: { type: "Ingress", host: "a.example" },
      });
      await waitCondition(harness, ref, "Ready", "True");
      await patchAssistant(harness, RELEASE_NAMESPACE, "demo", { spec: { exposure: null, suspend: true } });
      await waitCondition(harness, ref, "Ready", "False", "Suspended");
      await patchAssistant(harness, RELEASE_NAMESPACE, "demo", { spec: { suspend: false } });
      await waitCondition(harness, ref, "Ready", "True");
      await harness.client.delete(taskAssistantResource, ref, { signal: harness.signal });
      await eventually(
        "gone",
        async () => (await harness.get(taskAssistantResource, RELEASE_NAMESPACE, "demo")) === undefined,
      );
      // The garbage collector deletes owned objects a little later.
      await eventually(
        "its Deployments gone",
        async () => (await harness.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).length === 1,
      );
    } finally {
      stop.abort();
      await operator;
    }
    const refused = operatorRequests(harness).filter(({ responseStatus }) => responseStatus?.code === 403);
    expect(refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([]);
    expect(operatorRequests(harness).length).toBeGreaterThan(50);
  });

  it("is not uninstalled while a TaskAssistant exists", async () => {
    await createAssistant(harness, RELEASE_NAMESPACE, "kept");
    const refusal = await run(process.execPath, [join(root, "operator/src/main.ts"), "check-uninstall"], {
      env: { ...process.env, KUBECONFIG: harness.cluster.kubeconfig, POD_NAMESPACE: RELEASE_NAMESPACE },
    }).catch((error: { code: number; stderr: string }) => error);
    expect("code" in refusal && refusal.code).toBe(1);
    expect(refusal.stderr).toContain(`kubectl -n ${RELEASE_NAMESPACE} delete ta kept`);
    check = { failed: "a TaskAssistant exists" };
    await expect(helm("uninstall", "taskassistant", "-n", RELEASE_NAMESPACE, "--timeout", "60s")).rejects.toThrow();
    expect(
      (await harness.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).map(({ metadata }) => metadata.name),
    ).toEqual(["taskassistant"]);
  });

  it("is uninstalled when no TaskAssistant is left, and the CRD stays", async () => {
    await harness.client.delete(
      taskAssistantResource,
      { namespace: RELEASE_NAMESPACE, name: "kept" },
      { signal: harness.signal },
    );
    const { stdout } = await run(process.execPath, [join(root, "operator/src/main.ts"), "check-uninstall"], {
      env: { ...process.env, KUBECONFIG: harness.cluster.kubeconfig, POD_NAMESPACE: RELEASE_NAMESPACE },
    });
    expect(stdout).toBe("");
    check = "ready";
    await helm("uninstall", "taskassistant", "-n", RELEASE_NAMESPACE, "--timeout", "60s");
    expect(await harness.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).toEqual([]);
    const crd = await harness.client.get<KubeObject>(
      builtin.CustomResourceDefinition,
      { name: "taskassistants.taskassistant.dev" },
      { signal: harness.signal },
    );
    expect(crd).toBeDefined();
  });
});
