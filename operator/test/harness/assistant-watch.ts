import { setTimeout as sleep } from "node:timers/promises";
import { type TaskAssistant, taskAssistantResource } from "../../src/api/taskassistants/v1alpha1/index.ts";
import { type ClusterHarness, condition } from "./cluster-harness.ts";

/** The record of the last upgrade. */
export function recordedOf(assistant: TaskAssistant | undefined) {
  return assistant?.status?.upgrade ?? {};
}

/** Collects what `kubectl get ta -w -o wide` would show of the assistant `demo`: READY, STATUS, VERSION, MESSAGE. */
export function watchAssistant({ client, signal }: ClusterHarness, namespace: string) {
  const lines: string[] = [];
  let goesOn = true;
  const run = async (): Promise<void> => {
    while (goesOn) {
      const ref = { namespace, name: "demo" };
      const found = await client.get<TaskAssistant>(taskAssistantResource, ref, { signal });
      const ready = condition(found, "Ready");
      const line = `${ready?.status} ${ready?.reason} ${found?.status?.version?.running} ${ready?.message}`;
      if (lines.at(-1) !== line) lines.push(line);
      await sleep(100);
    }
  };
  // The API server may end before it.
  const running = run().catch(() => undefined);
  return {
    /** Ends it, and prints what was seen below a heading. */
    stop: async (heading: readonly string[]): Promise<readonly string[]> => {
      goesOn = false;
      await running;
      console.info([...heading, ...lines].join("\n"));
      return lines;
    },
  };
}
