import { describe, expect, it } from "vitest";
import { snapshotFixture, withCredentialsAndVolume } from "../../../test/fixtures/snapshot-fixture.ts";

const DEMO = { model: { provider: "Demo" } };

describe("pruning", () => {
  it("removes what the spec no longer asks for, and keeps what it only can't build yet", () => {
    const { desired } = withCredentialsAndVolume().plan();
    const external = snapshotFixture({
      model: { provider: "OpenAICompatible", name: "m" },
      database: { mode: "External", external: { secretRef: { name: "pg" } } },
    });
    for (const child of [...desired!.foundation, desired!.migration!, ...Object.values(desired!.servers)]) {
      external.put(child);
    }
    const removed = external.plan().remove.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(removed).toContain("Deployment/demo-model");
    expect(removed).toContain("Service/demo-db");
    expect(removed.filter((id) => /demo-(frontend|api|mcp|migrate)/.test(id))).toEqual([]);
  });

  it("keeps data that names the resource as its owner, as a restored claim may", () => {
    const external = snapshotFixture({
      ...DEMO,
      database: { mode: "External", external: { secretRef: { name: "pg" } } },
    });
    const { uid } = external.snapshot().assistant.metadata;
    external.putVolume({}, { ownerReferences: [{ uid }] });
    expect(external.snapshot().children.has("PersistentVolumeClaim/demo-db-data")).toBe(true);
    expect(external.plan().remove).toEqual([]);
  });
});
