import { describe, expect, it } from "vitest";
import { snapshotFixture } from "../../../test/snapshot-fixture.ts";
import { ApiError, type KubeClient, type KubeObject } from "../../kube/index.ts";
import { apply } from "./apply.ts";
import { createConflictLog } from "./conflicts.ts";

interface Line {
  readonly fields: object;
  readonly message: string;
}

/** An API server that records what is applied; `answer` may refuse an object by throwing. */
function harness(answer: (object: KubeObject) => void = () => undefined) {
  const applied: string[] = [];
  const lines: Line[] = [];
  const client = {
    apply: async (object: KubeObject) => {
      answer(object);
      applied.push(`${object.kind}/${object.metadata.name}`);
      return { object, taken: [] };
    },
  } as unknown as KubeClient;
  const log = {
    debug: (fields: object, message: string) => void lines.push({ fields, message }),
    info: () => undefined,
  };
  const { signal } = new AbortController();
  return { applied, lines, deps: { client, signal, log, conflicts: createConflictLog() } };
}

/** A complete assistant, as it was applied. */
function appliedFixture() {
  const fixture = snapshotFixture();
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  for (const { child } of fixture.plan().apply) fixture.put(child);
  // Again, for their statuses.
  fixture.putMigratedDatabase();
  return fixture;
}

describe("applying a plan", () => {
  it("sends only what differs, here the volume claim, of which the fixture has little", async () => {
    const fixture = appliedFixture();
    const { applied, deps } = harness();
    expect(await apply(deps, fixture.snapshot(), fixture.plan())).toEqual([]);
    expect(applied).toEqual(["PersistentVolumeClaim/demo-db-data"]);
  });

  it("logs at debug which field makes an apply necessary", async () => {
    const fixture = appliedFixture();
    const api = structuredClone(fixture.plan().desired!.servers.api!);
    api.spec!.template.spec!.containers[0]!.image = "another";
    fixture.put(api);
    const { applied, lines, deps } = harness();
    await apply(deps, fixture.snapshot(), fixture.plan());
    expect(applied).toContain("Deployment/demo-api");
    expect(lines).toContainEqual({
      fields: { path: "spec.template.spec.containers[0].image" },
      message: "Deployment demo-api differs at spec.template.spec.containers[0].image",
    });
  });

  it("applies the other children when the API server refuses one", async () => {
    const fixture = snapshotFixture();
    fixture.putCredentials();
    const { applied, deps } = harness(({ kind }) => {
      if (kind === "StatefulSet") throw new ApiError({ status: 403, reason: "Forbidden", message: "exceeded quota" });
    });
    expect(await apply(deps, fixture.snapshot(), fixture.plan())).toEqual([
      { kind: "refused", message: "exceeded quota" },
    ]);
    expect(applied).toHaveLength(fixture.plan().apply.length - 1);
  });
});
