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
  createAssistant,
  eventually,
  patchAssistant,
  root,
  startWorld,
  type World,
  waitCondition,
} from "./cluster-harness.ts";
import { type Fate, startStubKubelet } from "./stub-kubelet.ts";

const run = promisify(execFile);
const CHART = join(root, "charts/taskassistant-operator");
const RELEASE_NAMESPACE = "chart-release";

let world: World;
let kubelet: ReturnType<typeof startStubKubelet>;
let check: Fate = "ready";

beforeAll(async () => {
  world = await startWorld("operator-chart", { withoutDefinition: true });
  kubelet = startStubKubelet(world.client, ({ metadata }) =>
    metadata.labels?.["app.kubernetes.io/name"] === "taskassistant-uninstall-check" ? check : "ready",
  );
  await world.namespace(RELEASE_NAMESPACE, { "pod-security.kubernetes.io/enforce": "restricted" });
});
afterAll(async () => {
  await kubelet?.stop();
  await world?.stop();
});

async function helm(...args: string[]): Promise<string> {
  const { stdout } = await run(
    join(world.cluster.programs, "helm"),
    ["--kubeconfig", world.cluster.kubeconfig, ...args],
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
  it("lints, and refuses values that make no sense", async () => {
    expect(await helm("lint", "--strict", CHART)).toContain("0 chart(s) failed");
    await expect(template("--set", "watchNamespaces={*,a}")).rejects.toThrow("watchNamespaces");
    await expect(template("--set", "probe=Enabled")).rejects.toThrow("probe");
  });

  it("carries the CRD as it is, kept when the chart goes, and leaves it out on demand", async () => {
    const [crd] = of(await template(), "CustomResourceDefinition");
    expect(crd?.spec).toEqual(definition.spec);
    expect(crd?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    expect(of(await template("--set", "crds.install=false"), "CustomResourceDefinition")).toEqual([]);
  });

  it("asks for a Role in each watched namespace, and for nothing in the cluster", async () => {
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

  it("grants no wildcard, no escalation and no way into pods", async () => {
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

  it("passes images and namespaces on", async () => {
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
    expect([parsed.WATCH_NAMESPACES, parsed.RELEASE_IMAGES]).toEqual([["a", "b"], { api: "r.example/api:2" }]);
  });
});

describe("a release", () => {
  it("installs into a namespace with PodSecurity restricted, and says what to do next", async () => {
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

  it("lets the operator do its work with its ServiceAccount, and nothing is refused", async () => {
    const token = (await world.cluster.kubectl("-n", RELEASE_NAMESPACE, "create", "token", "taskassistant")).trim();
    const admin = await (await loadKubeConfig({ env: {}, path: world.cluster.kubeconfig })).credentials();
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
      await createAssistant(world, RELEASE_NAMESPACE, "demo", {
        model: { provider: "Demo" },
        deletion: { policy: "Delete" },
        exposure: { type: "Ingress", host: "a.example" },
      });
      await waitCondition(world, ref, "Ready", "True");
      await patchAssistant(world, RELEASE_NAMESPACE, "demo", { spec: { exposure: null, suspend: true } });
      await waitCondition(world, ref, "Ready", "False", "Suspended");
      await patchAssistant(world, RELEASE_NAMESPACE, "demo", { spec: { suspend: false } });
      await waitCondition(world, ref, "Ready", "True");
      await world.client.delete(taskAssistantResource, ref, { signal: world.signal });
      await eventually(
        "gone",
        async () => (await world.get(taskAssistantResource, RELEASE_NAMESPACE, "demo")) === undefined,
      );
      // The garbage collector follows the owner references in its own time.
      await eventually(
        "its Deployments gone",
        async () => (await world.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).length === 1,
      );
    } finally {
      stop.abort();
      await operator;
    }
    const refused = operatorRequests(world).filter(({ responseStatus }) => responseStatus?.code === 403);
    expect(refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`)).toEqual([]);
    expect(operatorRequests(world).length).toBeGreaterThan(50);
  });

  it("is not uninstalled while a TaskAssistant exists", async () => {
    await createAssistant(world, RELEASE_NAMESPACE, "kept");
    const said = await run(process.execPath, [join(root, "operator/src/main.ts"), "check-uninstall"], {
      env: { ...process.env, KUBECONFIG: world.cluster.kubeconfig, POD_NAMESPACE: RELEASE_NAMESPACE },
    }).catch((error: { code: number; stderr: string }) => error);
    expect("code" in said && said.code).toBe(1);
    expect(said.stderr).toContain(`kubectl -n ${RELEASE_NAMESPACE} delete ta kept`);
    check = { failed: "a TaskAssistant exists" };
    await expect(helm("uninstall", "taskassistant", "-n", RELEASE_NAMESPACE, "--timeout", "60s")).rejects.toThrow();
    expect(
      (await world.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).map(({ metadata }) => metadata.name),
    ).toEqual(["taskassistant"]);
  });

  it("is uninstalled when none is left, and the CRD stays", async () => {
    await world.client.delete(
      taskAssistantResource,
      { namespace: RELEASE_NAMESPACE, name: "kept" },
      { signal: world.signal },
    );
    const { stdout } = await run(process.execPath, [join(root, "operator/src/main.ts"), "check-uninstall"], {
      env: { ...process.env, KUBECONFIG: world.cluster.kubeconfig, POD_NAMESPACE: RELEASE_NAMESPACE },
    });
    expect(stdout).toBe("");
    check = "ready";
    await helm("uninstall", "taskassistant", "-n", RELEASE_NAMESPACE, "--timeout", "60s");
    expect(await world.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).toEqual([]);
    const crd = await world.client.get<KubeObject>(
      builtin.CustomResourceDefinition,
      { name: "taskassistants.taskassistant.dev" },
      { signal: world.signal },
    );
    expect(crd).toBeDefined();
  });
});
