import { describe, expect, it } from "vitest";
import { snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
import type { KubeClient, KubeObject } from "../../kube/index.ts";
import { ApiError } from "../../kube/index.ts";
import { relabel } from "../apply/relabel.ts";
import { childLabels, keptMeta } from "../desired/labels.ts";
import { generatedSecrets, secretObject } from "../desired/secrets/generated.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { relabellings } from "./relabelling.ts";

/** What GitOps tools look at to find the objects of an application called like the assistant. */
const TRACKING = ["app.kubernetes.io/instance", "argocd.argoproj.io/instance", "kustomize.toolkit.fluxcd.io/name"];

/** The assistant `demo` with its data and credentials, all with these labels. */
function snapshotWith(labels: Record<string, string>, ...userSecrets: string[]): Snapshot {
  const fixture = snapshotFixture();
  fixture.putCredentials();
  fixture.putVolume();
  for (const name of userSecrets) fixture.putSecret(name, "key");
  const found = fixture.snapshot();
  const labelled = <T extends KubeObject>(object: T): T => ({ ...object, metadata: { ...object.metadata, labels } });
  return {
    ...found,
    secrets: new Map([...found.secrets].map(([name, secret]) => [name, labelled(secret)])),
    volume: labelled(found.volume!),
  };
}

const named = (snapshot: Snapshot) => relabellings(snapshot).map(({ object }) => object.metadata.name);

describe("data and credentials", () => {
  it("carry nothing that a GitOps tool would take for its own, unless they are deleted with their owner", () => {
    const { assistant } = snapshotFixture().snapshot();
    const secrets = generatedSecrets("demo", assistant.spec).map((each) =>
      secretObject(assistant.metadata, each, () => "x"),
    );
    const volume = snapshotFixture();
    volume.putCredentials();
    const claim = volume.plan().desired!.volume!;
    const withoutOwner = [...secrets, claim].filter(({ metadata }) => metadata.ownerReferences === undefined);
    expect(withoutOwner.map(({ metadata }) => metadata.name)).toEqual(["demo-database", "demo-auth", "demo-db-data"]);
    for (const { metadata } of withoutOwner) {
      expect(Object.keys(metadata.labels ?? {}).filter((key) => TRACKING.includes(key))).toEqual([]);
      expect(metadata.labels).toMatchObject({ "taskassistant.dev/assistant": "demo" });
    }
  });

  it("of an earlier operator lose the label, and those that are deleted with their owner keep it", () => {
    const old = snapshotWith(childLabels("demo"));
    expect(named(old)).toEqual(["demo-db-data", "demo-database", "demo-auth"]);
    const change = { "app.kubernetes.io/instance": null, "taskassistant.dev/assistant": "demo" };
    expect(relabellings(old).map(({ labels }) => labels)).toEqual([change, change, change]);
  });

  it.each([
    ["in the new form", keptMeta({ name: "demo", namespace: "team", uid: "1" }, "x").labels!],
    ["that somebody else created", { "app.kubernetes.io/instance": "demo", "app.kubernetes.io/managed-by": "Helm" }],
    ["without labels", {}],
    // A tool that tracks them on purpose has put the label back.
    ["that were changed once and labelled again", { ...childLabels("demo"), "taskassistant.dev/assistant": "demo" }],
  ])("%s stay as they are", (_what, labels) => {
    expect(named(snapshotWith(labels))).toEqual([]);
  });
});

describe("the change of labels", () => {
  const planned = () => relabellings(snapshotWith(childLabels("demo")))[0]!;
  const send = async (answer: () => void) => {
    const sent: object[] = [];
    const client = {
      mergePatch: async (_resource: unknown, _ref: unknown, patch: object) => {
        answer();
        sent.push(patch);
      },
    } as unknown as KubeClient;
    await relabel({ client, signal: new AbortController().signal }, planned());
    return sent;
  };
  const refuse = (status: number) => () => {
    throw new ApiError({ status, message: "refused" });
  };

  it("touches labels only, and only those of the version that was seen", async () => {
    expect(await send(() => undefined)).toEqual([{ metadata: { labels: planned().labels, uid: "v1" } }]);
  });

  it.each([404, 409])("is left to the next reconcile when the object is gone or newer (%i)", async (status) => {
    expect(await send(refuse(status))).toEqual([]);
  });

  it("fails when the API server refuses it, so that the status says so", async () => {
    await expect(send(refuse(403))).rejects.toThrow("refused");
  });
});
