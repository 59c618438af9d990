import { expect, it } from "vitest";
import { assistant } from "../../../test/assistant-fixture.ts";
import { DATA_FINALIZER } from "../../api/taskassistants/v1alpha1/index.ts";
import { ApiError, type KubeClient } from "../../kube/index.ts";
import type { Observed } from "../observe/snapshot.ts";
import { finalize } from "./finalizer.ts";

/** A resource on its way out whose data is gone, seen by a cache that lags behind. */
function leaving(): Observed {
  const found = assistant({ deletion: { policy: "Delete" } });
  const metadata = { ...found.metadata, finalizers: [DATA_FINALIZER], deletionTimestamp: "2026-01-01T00:00:00Z" };
  return {
    assistant: { ...found, metadata },
    child: () => undefined,
    owned: [],
    secret: () => undefined,
    volume: undefined,
    pods: [],
    external: undefined,
    now: new Date("2026-01-01T00:00:01Z"),
  };
}

function clientThatAnswers(status: number): KubeClient {
  const mergePatch = async () => {
    throw new ApiError({ status, reason: status === 404 ? "NotFound" : "Conflict", message: "refused" });
  };
  return { mergePatch } as unknown as KubeClient;
}

it("a resource that is gone before its finalizer was taken away is no failure; any other refusal is", async () => {
  const { signal } = new AbortController();
  expect(await finalize({ client: clientThatAnswers(404), signal }, leaving())).toEqual([]);
  await expect(finalize({ client: clientThatAnswers(409), signal }, leaving())).rejects.toThrow("refused");
});
