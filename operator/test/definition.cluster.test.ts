import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { canonicalQuantity } from "../src/assistants/desired/index.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import type { KubeObject } from "../src/kube/index.ts";
import {
  type AnyObject,
  type ClusterHarness,
  createAssistant,
  root,
  startClusterHarness,
} from "./harness/cluster-harness.ts";

const NAMESPACE = "definition";

let harness: ClusterHarness;

beforeAll(async () => {
  harness = await startClusterHarness("operator-definition");
  await harness.namespace(NAMESPACE);
});
afterAll(() => harness?.stop());

it("the API server stores quantities as the operator writes them, and they equal what the user wrote", async () => {
  const quantities = [
    "0.5",
    "1000m",
    "1.5",
    "1024Mi",
    "1.5Gi",
    "0.5Ki",
    "1000",
    "1500M",
    "1e3",
    "12E0",
    "1e-2",
    "0.1Mi",
    "128974848",
    "1k",
    "+3",
    "100u",
    "0.3n",
    "7Ti",
    "1048576",
    "1025Ki",
    ".5",
    "5.",
  ];
  /** The values as the API server stores them, each as the memory request of a container. */
  const stored = async (name: string, values: readonly string[]): Promise<string[]> => {
    const containers = values.map((memory, index) => ({
      name: `c${index}`,
      image: "none",
      resources: { requests: { memory } },
    }));
    await harness.client.create<AnyObject>(
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { namespace: NAMESPACE, name },
        spec: {
          replicas: 0,
          selector: { matchLabels: { name } },
          template: { metadata: { labels: { name } }, spec: { containers } },
        },
      },
      { signal: harness.signal },
    );
    const found = await harness.get(CHILD_KINDS.Deployment.resource, NAMESPACE, name);
    return found?.spec.template.spec.containers.map(
      (each: { resources: { requests: { memory: string } } }) => each.resources.requests.memory,
    );
  };
  const canonical = quantities.map((quantity) => canonicalQuantity(quantity));
  expect(await stored("canonical", canonical)).toEqual(canonical);
  const raw = await stored("raw", quantities);
  expect(raw.map((quantity) => canonicalQuantity(quantity))).toEqual(canonical);
});

describe("the definition", () => {
  it("accepts every example", async () => {
    for (const file of readdirSync(join(root, "examples"))) {
      const output = await harness.cluster.kubectl(
        "apply",
        "-n",
        NAMESPACE,
        "--dry-run=server",
        "-f",
        join(root, "examples", file),
      );
      expect(output).toContain("created (server dry run)");
    }
  });

  it("accepts every assistant in the how-to pages", async () => {
    const pages = readdirSync(join(root, "docs/how-to")).map((name) => join(root, "docs/how-to", name));
    const blocks = pages.flatMap((page) => [...readFileSync(page, "utf8").matchAll(/^```yaml\n(.*?)^```/gms)]);
    const assistants = blocks.map(([, text = ""]) => text).filter((text) => text.includes("kind: TaskAssistant\n"));
    expect(assistants.length).toBeGreaterThan(3);
    for (const input of assistants.filter((text) => !text.includes("healthCheckExprs"))) {
      const result = await harness.cluster.kubectl.run(["create", "--dry-run=server", "-n", NAMESPACE, "-f", "-"], {
        input,
      });
      expect(result.stderr, input).toBe("");
    }
  });

  it("has texts for kubectl explain and columns for kubectl get", async () => {
    expect(await harness.cluster.kubectl("explain", "ta.spec.database.managed.storage.size")).toMatch(/never\s+shrink/);
    await createAssistant(harness, NAMESPACE, "shown");
    const wide = await harness.cluster.kubectl("get", "ta", "-n", NAMESPACE, "-o", "wide");
    expect(wide.split("\n")[0]?.trim().split(/\s+/)).toEqual([
      "NAME",
      "READY",
      "STATUS",
      "URL",
      "VERSION",
      "AGE",
      "MODEL",
      "DATABASE",
      "API",
      "LAST",
      "BACKUP",
      "MESSAGE",
    ]);
    expect(await harness.cluster.kubectl("get", "assistants", "-n", NAMESPACE, "-o", "name")).toContain(
      "taskassistant.taskassistant.dev/shown",
    );
  });

  it("makes a new resource read as in progress until an operator has looked at it", async () => {
    await createAssistant(harness, NAMESPACE, "fresh");
    const stored = await harness.get(taskAssistantResource, NAMESPACE, "fresh");
    // kstatus: in progress when the generation was not observed, or when Reconciling is True.
    expect(stored?.status.observedGeneration).not.toBe(stored?.metadata.generation);
    expect(stored?.status.conditions).toContainEqual(
      expect.objectContaining({ type: "Reconciling", status: "True", reason: "Pending" }),
    );
    expect(await harness.cluster.kubectl("get", "ta", "fresh", "-n", NAMESPACE)).toMatch(/Unknown\s+Pending/);
    const lastTransitionTime = "2026-01-01T00:00:00Z";
    const conditions = [{ type: "Ready", status: "True", reason: "Ready", message: "", lastTransitionTime }];
    const status = { observedGeneration: 1, conditions: [...conditions, { ...conditions[0], type: "Reconciling" }] };
    const { status: written } = (
      await harness.client.applyStatus({ ...assistantRef("fresh"), status } as KubeObject & { status: object }, {
        signal: harness.signal,
        force: "always",
      })
    ).object;
    expect(written).toEqual(status);
  });
});

function assistantRef(name: string): KubeObject {
  return { apiVersion: "taskassistant.dev/v1alpha1", kind: "TaskAssistant", metadata: { namespace: NAMESPACE, name } };
}
