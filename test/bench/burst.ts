import { type TaskAssistant, taskAssistantResource } from "../../operator/src/api/taskassistants/v1alpha1/index.ts";
import {
  createAssistant,
  eventually,
  startClusterHarness,
  startOperator,
} from "../../operator/test/harness/cluster-harness.ts";
import { startStubKubelet } from "../../operator/test/harness/stub-kubelet.ts";

/**
 * `scripts/with-node node test/bench/burst.ts [COUNT]`, as root: creates many assistants at once on a control plane with a
 * stub kubelet and prints when they became Ready, as shares of the time until the last one was.
 */
const count = Number(process.argv[2] ?? 200);
const NAMESPACE = "burst";

const harness = await startClusterHarness("bench-burst");
const kubelet = startStubKubelet(harness.client);
const operator = await startOperator(harness);
try {
  await harness.namespace(NAMESPACE);
  const began = performance.now();
  const names = Array.from({ length: count }, (_, index) => `demo-${index}`);
  await Promise.all(names.map((name) => createAssistant(harness, NAMESPACE, name)));
  const readyAfter = new Map<string, number>();
  await eventually(
    "every assistant is Ready",
    async () => {
      const { items } = await harness.client.list<TaskAssistant>(taskAssistantResource, {
        namespace: NAMESPACE,
        signal: harness.signal,
      });
      for (const { metadata, status } of items) {
        const isReady = status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
        if (isReady && !readyAfter.has(metadata.name)) readyAfter.set(metadata.name, performance.now() - began);
      }
      return readyAfter.size === count;
    },
    1_200_000,
  );
  const sorted = [...readyAfter.values()].sort((a, b) => a - b);
  const total = sorted.at(-1) ?? 0;
  const share = (quantile: number) => ((sorted[Math.floor(quantile * (count - 1))] ?? 0) / total).toFixed(2);
  console.log(`${count} assistants, all Ready after ${(total / 1000).toFixed(1)} s`);
  console.log(
    `share of that time: first ${share(0)}, a tenth ${share(0.1)}, half ${share(0.5)}, nine tenths ${share(0.9)}`,
  );
} finally {
  await operator.stop();
  await kubelet.stop();
  await harness.stop();
}
