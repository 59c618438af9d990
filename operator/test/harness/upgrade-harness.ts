import { afterAll, beforeAll, vi } from "vitest";
import { type TaskAssistant, TIERS, taskAssistantResource } from "../../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../../src/kinds/index.ts";
import { builtin } from "../../src/kube/index.ts";
import { catalogue, fateOf } from "../fixtures/played-releases.ts";
import { recordedOf, watchAssistant } from "./assistant-watch.ts";
import {
  type ClusterHarness,
  createAssistant,
  eventually,
  patchAssistant,
  startClusterHarness,
  startOperator,
  waitCondition,
} from "./cluster-harness.ts";
import { type Fate, startStubKubelet } from "./stub-kubelet.ts";

/** What upgrades of assistants start from. */
export const SPEC = { model: { provider: "Demo" }, version: "0.1.0" };

/** The assistant `demo` of a namespace, with an operator and a clock that are its own. */
export type Upgraded = ReturnType<typeof upgraded>;

/**
 * Starts a control plane and a stub kubelet for the tests of one file, and stops them after the tests. Without a scheduler, for
 * which every pod that was created before a jump of the clock would be one that no node takes. @returns what brings an assistant
 * with release 0.1.0 up in a namespace
 */
export function upgradeHarness(name: string) {
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
  /** What becomes of pods, by `namespace component`. */
  const played = new Map<string, Fate>();
  const ends: (() => Promise<void>)[] = [];
  let harness: ClusterHarness;
  beforeAll(async () => {
    harness = await startClusterHarness(name, { withoutScheduler: true });
    ends.push(harness.stop);
    ends.push(startStubKubelet(harness.client, (pod) => fateOf(pod, played)).stop);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end().catch(() => undefined);
  });

  return async (namespace: string, spec: object = SPEC): Promise<Upgraded> => {
    const assistant = upgraded(harness, namespace, played);
    await harness.namespace(namespace);
    ends.push(assistant.stop);
    await assistant.restart();
    await createAssistant(harness, namespace, "demo", spec);
    await assistant.is("Ready", "True", "Ready");
    return assistant;
  };
}

function upgraded(harness: ClusterHarness, namespace: string, played: Map<string, Fate>) {
  const ref = { namespace, name: "demo" };
  let bundled = "0.1.0";
  /** Milliseconds by which the clock of this operator is fast. */
  let ahead = 0;
  let stop = async (): Promise<void> => undefined;
  const now = () => new Date(Date.now() + ahead);

  /** People get an error from release 0.8.0, and where a test says so. */
  async function probe() {
    const frontend = await harness.get(CHILD_KINDS.Deployment.resource, namespace, "demo-frontend");
    const image: string = frontend?.spec.template.spec.containers[0].image ?? "";
    const isWrong = image.endsWith(":0.8.0") || played.has(`${namespace} answers`);
    return isWrong ? { frontend: "/sign-in answered 500 instead of the sign-in page." } : {};
  }

  const get = () => harness.client.get<TaskAssistant>(taskAssistantResource, ref, { signal: harness.signal });
  const change = (spec: object) => patchAssistant(harness, namespace, "demo", { spec });
  const annotate = (annotations: object) => patchAssistant(harness, namespace, "demo", { metadata: { annotations } });

  return {
    harness,
    namespace,
    get,
    change,
    annotate,
    /** What becomes of a component's pods from now on; without a fate they become ready. */
    plays: (component: string, fate?: Fate): void => {
      if (fate === undefined) played.delete(`${namespace} ${component}`);
      else played.set(`${namespace} ${component}`, fate);
    },
    /** Stops the operator, and starts one that brings this release along. */
    restart: async (release = bundled): Promise<void> => {
      bundled = release;
      await stop();
      const env = { RELEASE_CATALOGUE: JSON.stringify({ ...catalogue, bundled }), WATCH_NAMESPACES: namespace };
      stop = (await startOperator(harness, { env, probe, now })).stop;
    },
    stop: () => stop(),
    /** Lets a time pass for the operator, and makes it look. */
    pass: async (minutes: number): Promise<void> => {
      ahead += minutes * 60_000;
      await annotate({ "example.com/looked-at": now().toISOString() });
    },
    is: (...condition: [type: string, status: string, reason?: string]) => waitCondition(harness, ref, ...condition),
    reaches: (step: string, to: string): Promise<TaskAssistant> =>
      eventually(`${namespace}: ${step} of ${to}`, async () => {
        const found = await get();
        const record = recordedOf(found);
        return record.step === step && record.to === to ? found : undefined;
      }),
    /** Waits until the record says what is wrong. */
    tells: (reason: string) =>
      eventually(`${namespace} tells ${reason}`, async () => recordedOf(await get()).reason === reason),
    watch: () => watchAssistant(harness, namespace),
    podUids: async (): Promise<string[]> => {
      const pods = await harness.list(builtin.Pod, namespace);
      return pods.map(({ metadata }) => `${metadata.name} ${metadata.uid}`).sort();
    },
    /** The images of the tiers. */
    images: async (): Promise<string[]> => {
      const found = TIERS.map((tier) => harness.get(CHILD_KINDS.Deployment.resource, namespace, `demo-${tier}`));
      return (await Promise.all(found)).map((each) => each?.spec.template.spec.containers[0].image);
    },
  };
}

/** The images of the tiers in a release. */
export const imagesOf = (version: string): string[] => TIERS.map((tier) => `registry.test/${tier}:${version}`);

/** What was shown while the assistant was not Ready. */
export const notReady = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith("False"));
