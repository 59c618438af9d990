import { expect, it } from "vitest";
import { reduceRefusal, refusalWords } from "./refusals.ts";

const QUOTA = "exceeded quota: compute, requested: limits.cpu=1, used: limits.cpu=0, limited: limits.cpu=0";

it.each([
  ["a Job", `Error creating: pods "demo-migrate-1-x7k2p" is forbidden: ${QUOTA}`, QUOTA],
  [
    "a StatefulSet",
    `Create Pod demo-db-0 in StatefulSet demo-db failed error: pods "demo-db-0" is forbidden: ${QUOTA}`,
    QUOTA,
  ],
  ["a ReplicaSet", `pods "demo-api-5d8-abcde" is forbidden: ${QUOTA}`, QUOTA],
  [
    "a webhook",
    'Error creating: Internal error occurred: failed calling webhook "a.b": timeout',
    'Internal error occurred: failed calling webhook "a.b": timeout',
  ],
])("the words of a refusal of %s are the same for every attempt", (_what, note, words) => {
  expect(refusalWords(note)).toBe(words);
});

it("an Event is reduced to what it is about, the words and the last time, in both of its forms", () => {
  const event = {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { namespace: "team", name: "e", managedFields: [{}], annotations: { a: "b" } },
    regarding: { kind: "Job", name: "demo-migrate-1", uid: "u", apiVersion: "batch/v1" },
    note: `Error creating: ${QUOTA}`,
    action: "x",
  };
  const regarding = { kind: "Job", name: "demo-migrate-1", uid: "u" };
  const reduced = { metadata: { namespace: "team", name: "e" }, regarding, note: QUOTA };
  const old = { ...event, eventTime: null, deprecatedLastTimestamp: "2026-01-01T00:00:01Z" };
  expect(reduceRefusal(old)).toMatchObject({ ...reduced, at: "2026-01-01T00:00:01Z" });
  const current = { ...event, eventTime: "2026-01-01T00:00:00Z", series: { lastObservedTime: "2026-01-01T00:00:09Z" } };
  expect(reduceRefusal(current)).toMatchObject({ ...reduced, at: "2026-01-01T00:00:09Z" });
  expect(Object.keys(reduceRefusal(event)).sort()).toEqual([
    "apiVersion",
    "at",
    "kind",
    "metadata",
    "note",
    "regarding",
  ]);
});
