import { expect, it } from "vitest";
import { snapshotFixture } from "../../../test/snapshot-fixture.ts";
import { DATA_FINALIZER } from "../../api/taskassistants/v1alpha1/index.ts";
import { ApiError, type KubeClient } from "../../kube/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { finalize } from "./finalizer.ts";

/** A resource that is being deleted and whose data is gone, seen by a cache that lags behind. */
function leaving(): Snapshot {
  const snapshot = snapshotFixture({ deletion: { policy: "Delete" } }).snapshot();
  const { assistant } = snapshot;
  const metadata = { ...assistant.metadata, finalizers: [DATA_FINALIZER], deletionTimestamp: "2026-01-01T00:09:59Z" };
  return { ...snapshot, assistant: { ...assistant, metadata } };
}

function clientThatAnswers(status: number): KubeClient {
  const mergePatch = async () => {
    throw new ApiError({ status, reason: status === 404 ? "NotFound" : "Conflict", message: "refused" });
  };
  return { mergePatch } as unknown as KubeClient;
}

it("the finalizer of a resource that is gone already needs no removal, and any other refusal is a failure", async () => {
  const { signal } = new AbortController();
  expect(await finalize({ client: clientThatAnswers(404), signal }, leaving())).toEqual([]);
  await expect(finalize({ client: clientThatAnswers(409), signal }, leaving())).rejects.toThrow("refused");
});
