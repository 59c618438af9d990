import { expect, it } from "vitest";
import type { LiveJob } from "../kinds/index.ts";
import type { PodRefusal, PodSummary } from "../pods/index.ts";
import { attemptOf } from "./attempt.ts";

const NOW = new Date("2026-05-10T12:00:00Z");
const job: LiveJob = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { namespace: "team", name: "one-run", uid: "j" },
};

function refusal(at: string): PodRefusal {
  const regarding = { kind: "Job", name: "one-run", uid: "j" };
  const note = "exceeded quota: compute, requested: pods=1";
  return { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "e" }, regarding, note, at };
}

const pod: PodSummary = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    namespace: "team",
    name: "one-run-x",
    labels: { "batch.kubernetes.io/job-name": "one-run" },
    ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "one-run", uid: "j" }],
  },
  status: { phase: "Running", podIP: "10.0.0.1", conditions: [], containerStatuses: [] },
};

it("a Job whose pods are refused is in trouble, in the words of the API server and with the next command", () => {
  expect(attemptOf(job, [], refusal("2026-05-10T11:59:00Z"), NOW)).toEqual({
    state: "running",
    trouble: {
      reason: "PodsRefused",
      message: expect.stringMatching(
        /^The pods of Job one-run are refused: exceeded quota: compute, requested: pods=1[.] Next: kubectl -n team /,
      ),
    },
  });
});

it("is in no trouble when it has a pod after all, or when the refusal is long ago", () => {
  expect(attemptOf(job, [pod], refusal("2026-05-10T11:59:00Z"), NOW)).toEqual({ state: "running", podIP: "10.0.0.1" });
  expect(attemptOf(job, [], refusal("2026-05-10T11:00:00Z"), NOW)).toEqual({ state: "running" });
  expect(attemptOf(job, [], undefined, NOW)).toEqual({ state: "running" });
});
