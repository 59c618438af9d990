import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { envSchema as operatorEnv } from "../src/env.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { builtin, type KubeObject, loadKubeConfig, staticConfig } from "../src/kube/index.ts";
import { runOperator } from "../src/operator.ts";
import { operatorRequests } from "./harness/audit.ts";
import { CHART, helm as runHelm } from "./harness/chart-harness.ts";
import {
  type ClusterHarness,
  createAssistant,
  eventually,
  patchAssistant,
  root,
  startClusterHarness,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { type Fate, startStubKubelet } from "./harness/stub-kubelet.ts";

const run = promisify(execFile);
const GITOPS = join(root, "docs/how-to/gitops.md");
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

const helm = (...args: string[]) => runHelm("--kubeconfig", harness.cluster.kubeconfig, ...args);

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
      const [, documented = ""] = /kubectl -n team (wait .*=Suspended .*)/.exec(readFileSync(GITOPS, "utf8")) ?? [];
      await harness.cluster.kubectl("-n", RELEASE_NAMESPACE, ...documented.split(" "));
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

  it("marks on an upgrade what leaves its namespaces, and warns of those that another release serves", async () => {
    const spec = { holderIdentity: "elsewhere/pod", leaseDurationSeconds: 60 };
    const metadata = { namespace: "default", name: "taskassistant-namespace" };
    const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    await harness.client.create(lease, { signal: harness.signal });
    const upgrade = (...namespaces: string[]) =>
      helm(
        ...["upgrade", "taskassistant", CHART, "-n", RELEASE_NAMESPACE, "--dry-run=server"],
        ...["--set", `watchNamespaces={${namespaces.join(",")}}`],
      );
    const leaving = await upgrade("default");
    expect(leaving).toContain(`args: ["main.mjs","leave-namespaces","${RELEASE_NAMESPACE}"]`);
    expect(leaving).toContain("WARNING: Namespace default is served by the operator in namespace elsewhere.");
    const staying = await upgrade(RELEASE_NAMESPACE);
    expect(staying).not.toContain("leave-namespaces");
    expect(staying).not.toContain("WARNING");
    await harness.client.delete(builtin.Lease, metadata, { signal: harness.signal });
  });

  it("is not uninstalled while a TaskAssistant exists", async () => {
    await createAssistant(harness, RELEASE_NAMESPACE, "kept");
    const refusal = await run(process.execPath, [join(root, "operator/src/main.ts"), "check-uninstall"], {
      env: { ...process.env, KUBECONFIG: harness.cluster.kubeconfig, POD_NAMESPACE: RELEASE_NAMESPACE },
    }).catch((error: { code: number; stderr: string }) => error);
    expect("code" in refusal && refusal.code).toBe(1);
    expect(refusal.stderr).toContain(`kubectl -n ${RELEASE_NAMESPACE} delete ta kept`);
    expect(refusal.stderr).toContain(`helm rollback taskassistant 1 -n ${RELEASE_NAMESPACE}`);
    check = { failed: "a TaskAssistant exists" };
    await expect(helm("uninstall", "taskassistant", "-n", RELEASE_NAMESPACE, "--timeout", "60s")).rejects.toThrow();
    expect(
      (await harness.list(CHILD_KINDS.Deployment.resource, RELEASE_NAMESPACE)).map(({ metadata }) => metadata.name),
    ).toEqual(["taskassistant"]);
  });

  it("can be upgraded again after the refusal with the command that the refusal names", async () => {
    const upgrade = () => helm("upgrade", "taskassistant", CHART, "-n", RELEASE_NAMESPACE);
    await expect(upgrade()).rejects.toThrow("has no deployed releases");
    await helm("rollback", "taskassistant", "1", "-n", RELEASE_NAMESPACE);
    expect(await upgrade()).toContain("STATUS: deployed");
  });

  it("under another name is refused with both ways out, because the definitions belong to the first", async () => {
    const install = (name: string, namespace: string, ...args: string[]) =>
      helm("install", name, CHART, "-n", namespace, "--create-namespace", "--set", "replicaCount=0", ...args);
    const refused = await install("other", RELEASE_NAMESPACE).catch(String);
    expect(refused).toContain(`belong to the release taskassistant in namespace ${RELEASE_NAMESPACE}`);
    expect(refused).toContain("--set crds.install=false");
    await install("taskassistant", "chart-second", "--set", "crds.install=false");
    await helm("uninstall", "taskassistant", "-n", "chart-second", "--no-hooks");

    const [, adopt = ""] = /^\s+(kubectl annotate .*)$/m.exec(refused) ?? [];
    for (const command of adopt.split(" && ")) await harness.cluster.kubectl(...command.split(" ").slice(1));
    await install("other", RELEASE_NAMESPACE);
    await expect(helm("upgrade", "taskassistant", CHART, "-n", RELEASE_NAMESPACE)).rejects.toThrow("release other");
    await helm("uninstall", "other", "-n", RELEASE_NAMESPACE, "--no-hooks");
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
