import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { builtin, type KubeConfigSource, loadKubeConfig, staticConfig } from "../src/kube/index.ts";
import { isWrite } from "./harness/audit.ts";
import {
  type ClusterHarness,
  createAssistant,
  eventually,
  root,
  startClusterHarness,
  startOperator,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { startStubKubelet } from "./harness/stub-kubelet.ts";

const DELETE = { model: { provider: "Demo" }, deletion: { policy: "Delete" } };
/** Namespaces that are deleted while they hold assistants with a finalizer. */
const LEAVING = ["leaving-a", "leaving-b", "leaving-c", "leaving-d"];

let harness: ClusterHarness;
let kubelet: ReturnType<typeof startStubKubelet>;
const operators: Awaited<ReturnType<typeof startOperator>>[] = [];

beforeAll(async () => {
  harness = await startClusterHarness("operator-namespaces");
  kubelet = startStubKubelet(harness.client);
  for (const namespace of ["blue", "green", "violet", "shop", "lost", "stays", "left", ...LEAVING])
    await harness.namespace(namespace);
});
afterAll(async () => {
  for (const { stop } of operators) await stop().catch(() => undefined);
  await kubelet?.stop();
  await harness?.stop();
});

/** Each release has a name of its own, so that their Roles in one namespace do not replace each other. */
const account = (release: string) => `${release}-taskassistant`;

/** Gives the ServiceAccount of a release its Roles, as the chart does, in these namespaces. */
async function grant(release: string, namespaces: readonly string[]): Promise<void> {
  const chart = join(root, "charts/taskassistant-operator");
  const { stdout } = await promisify(execFile)(join(harness.cluster.programs, "helm"), [
    ...["template", account(release), chart, "-n", release, "--set", `watchNamespaces={${namespaces.join(",")}}`],
    ...["--show-only", "templates/rbac.yaml", "--show-only", "templates/serviceaccount.yaml"],
  ]);
  const { code, stderr } = await harness.cluster.kubectl.run(["apply", "-f", "-"], { input: stdout });
  if (code !== 0) throw new Error(stderr);
}

async function asServiceAccount(release: string): Promise<KubeConfigSource> {
  const token = (await harness.cluster.kubectl("-n", release, "create", "token", account(release))).trim();
  const { server, tls } = await (await loadKubeConfig({ env: {}, path: harness.cluster.kubeconfig })).credentials();
  const { cert: _cert, key: _key, ...trust } = tls;
  return staticConfig({ server, tls: trust, headers: { authorization: `Bearer ${token}` } });
}

/** Starts the operator of a release with the chart's permissions and leases. */
async function start(release: string, namespaces: readonly string[]) {
  const operator = await startOperator(harness, {
    kubeConfig: await asServiceAccount(release),
    env: { POD_NAMESPACE: release, WATCH_NAMESPACES: namespaces.join(","), LEADER_ELECTION: "Enabled" },
  });
  operators.push(operator);
  return operator;
}

const ready = (namespace: string) => waitCondition(harness, { namespace, name: "demo" }, "Ready", "True");
const isGone = async (namespace: string) =>
  (await harness.client.get(builtin.Namespace, { name: namespace }, { signal: harness.signal })) === undefined;

/** Writes by the operator of a release in a namespace, Events aside. */
function writesOf(release: string, namespace: string): string[] {
  return readFileSync(harness.cluster.auditLog, "utf8")
    .split("\n")
    .filter((line) => line.includes(`system:serviceaccount:${release}:`))
    .map((line) => JSON.parse(line))
    .filter((entry) => isWrite(entry) && entry.objectRef?.namespace === namespace)
    .filter(({ objectRef }) => objectRef.resource !== "events")
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

describe("an operator with the chart's permissions", () => {
  it("serves its namespaces though one of them was deleted with its Role, and picks that one up when it returns", async () => {
    await grant("blue", ["shop", "lost", ...LEAVING]);
    await harness.client.delete(builtin.Namespace, { name: "lost" }, { signal: harness.signal });
    await eventually("the namespace is gone", () => isGone("lost"));
    const operator = await start("blue", ["shop", "lost", ...LEAVING]);
    await createAssistant(harness, "shop", "demo");
    await ready("shop");
    expect(operator.lines.filter((line) => line.includes("namespace lost"))).not.toEqual([]);

    await harness.namespace("lost");
    await grant("blue", ["shop", "lost", ...LEAVING]);
    await createAssistant(harness, "lost", "demo");
    await ready("lost");
  });

  it("lets no namespace hang that is deleted with assistants whose data it would delete", async () => {
    for (const namespace of LEAVING) await createAssistant(harness, namespace, "demo", DELETE);
    for (const namespace of LEAVING) {
      await eventually("the finalizer", async () => {
        const found = await harness.get(taskAssistantResource, namespace, "demo");
        return (found?.metadata.finalizers ?? []).length > 0;
      });
    }
    for (const name of LEAVING) await harness.client.delete(builtin.Namespace, { name }, { signal: harness.signal });
    for (const namespace of LEAVING) await eventually(`${namespace} is gone`, () => isGone(namespace), 90_000);
  });
});

describe("a namespace that an upgrade takes out of the list", () => {
  it("is left alone with a status that says so, and the command in it lets the assistant and the namespace go", async () => {
    await grant("violet", ["stays", "left"]);
    const before = await start("violet", ["stays", "left"]);
    await createAssistant(harness, "left", "demo", DELETE);
    await ready("left");

    // What the chart's hook runs before the upgrade, while the operator still works.
    const env = { ...process.env, KUBECONFIG: harness.cluster.kubeconfig, POD_NAMESPACE: "violet" };
    const program = [join(root, "operator/src/main.ts"), "leave-namespaces", "left"];
    await promisify(execFile)(process.execPath, program, { env: { ...env, WATCH_NAMESPACES: "stays" } });
    await before.stop();
    const access = ["rolebinding", "role"].map((kind) => ["-n", "left", "delete", kind, "--all"]);
    for (const removal of access) await harness.cluster.kubectl(...removal);
    await start("violet", ["stays"]);
    await createAssistant(harness, "stays", "demo");
    await ready("stays");

    const left = { namespace: "left", name: "demo" };
    const marked = await waitCondition(harness, left, "Ready", "Unknown", "NotWatched");
    const message = marked.status?.conditions?.find(({ type }) => type === "Ready")?.message ?? "";
    const command = / Or delete it: (kubectl .*)\. Its volume and credentials stay\./.exec(message)?.[1] ?? message;
    const path = `${harness.cluster.programs}:${process.env.PATH}`;
    await promisify(execFile)("bash", ["-c", command], { env: { ...env, PATH: path } });
    await eventually("the resource is gone", async () => {
      return (await harness.get(taskAssistantResource, "left", "demo")) === undefined;
    });
    expect((await harness.get(CHILD_KINDS.PersistentVolumeClaim.resource, "left", "demo-db-data"))?.kind).toBeDefined();
    await harness.client.delete(builtin.Namespace, { name: "left" }, { signal: harness.signal });
    await eventually("the namespace is gone", () => isGone("left"), 90_000);
  });
});

describe("a second operator for the same namespace", () => {
  it("touches nothing, says so in its log and in an Event, and takes over when the first is gone", async () => {
    const [first] = operators;
    await grant("green", ["shop"]);
    const second = await start("green", ["shop"]);
    await eventually("its log", async () =>
      second.lines.some((line) => line.includes("namespace shop is served by the operator in namespace blue")),
    );
    const event = await eventually("its Event", async () =>
      (await harness.list(builtin.Event, "shop")).find(({ reason }) => reason === "NamespaceNotServed"),
    );
    expect(event.note).toContain("take the namespace out of its watchNamespaces");
    await harness.cluster.kubectl("-n", "shop", "delete", "service", "demo-api");
    await eventually("the first one repairs", async () =>
      harness.get(CHILD_KINDS.Service.resource, "shop", "demo-api"),
    );
    expect(writesOf("green", "shop")).toEqual([]);
    await first?.stop();
    await harness.cluster.kubectl("-n", "shop", "delete", "service", "demo-mcp");
    await eventually("the second one repairs", async () =>
      harness.get(CHILD_KINDS.Service.resource, "shop", "demo-mcp"),
    );
    expect(writesOf("green", "shop")).not.toEqual([]);
  });
});
