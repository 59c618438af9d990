import { setTimeout as sleep } from "node:timers/promises";
import { type TaskAssistant, TIERS } from "../../src/api/taskassistants/v1alpha1/index.ts";
import { SERVERS } from "../../src/assistants/desired/index.ts";
import { CHILD_KINDS } from "../../src/kinds/index.ts";
import { isWrite, operatorRequests } from "./audit.ts";
import { type AnyObject, type ClusterHarness, createAssistant, eventually, waitCondition } from "./cluster-harness.ts";

/** What tests do with the assistant `demo` of a namespace. */
export function assistantHarness(current: () => ClusterHarness) {
  /** Creates an assistant in a namespace of its own that enforces PodSecurity `restricted`, and waits until it is Ready. */
  async function ready(namespace: string, spec: object = { model: { provider: "Demo" } }) {
    await current().namespace(namespace, { "pod-security.kubernetes.io/enforce": "restricted" });
    await createAssistant(current(), namespace, "demo", spec);
    return isReady(namespace);
  }

  function isReady(namespace: string): Promise<TaskAssistant> {
    return waitCondition(current(), { namespace, name: "demo" }, "Ready", "True");
  }

  function deployment(namespace: string, tier: string): Promise<AnyObject> {
    return eventually(`Deployment demo-${tier}`, () =>
      current().get(CHILD_KINDS.Deployment.resource, namespace, `demo-${tier}`),
    );
  }

  /** Hash of each server's pod template, as the Deployment controller sees it. */
  async function templates(namespace: string): Promise<Record<string, string>> {
    const entries = SERVERS.map(async (server) => {
      const found = await current().get(CHILD_KINDS.Deployment.resource, namespace, `demo-${server}`);
      return [server, JSON.stringify(found?.spec.template)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** The servers whose pods `change` replaced. */
  async function rolled(namespace: string, change: () => Promise<unknown>): Promise<string[]> {
    const before = await templates(namespace);
    await change();
    await settled(namespace);
    const after = await templates(namespace);
    return Object.keys(before).filter((server) => before[server] !== after[server]);
  }

  /** Waits until the assistant is Ready for its current generation and the operator writes nothing for longer than it may delay a status. */
  async function settled(namespace: string): Promise<void> {
    await sleep(1500);
    await isReady(namespace);
    let count = -1;
    await eventually(
      "quiet",
      async () => {
        const now = writes(namespace).length;
        const quiet = now === count;
        count = now;
        if (!quiet) await sleep(2500);
        return quiet;
      },
      30_000,
    );
    await isReady(namespace);
  }

  /** The operator's writes in a namespace so far. */
  function writes(namespace: string) {
    return operatorRequests(current()).filter((entry) => isWrite(entry) && entry.objectRef?.namespace === namespace);
  }

  async function replicas(namespace: string): Promise<Record<string, number>> {
    const entries = TIERS.map(async (tier) => [tier, (await deployment(namespace, tier)).spec.replicas] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async function environment(namespace: string, tier: string): Promise<Record<string, string | undefined>> {
    const { spec } = await deployment(namespace, tier);
    return Object.fromEntries(
      spec.template.spec.containers[0].env.map((each: { name: string; value?: string }) => [each.name, each.value]),
    );
  }

  return { deployment, environment, isReady, ready, replicas, rolled, settled, writes };
}
