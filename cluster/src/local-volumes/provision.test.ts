import { describe, expect, it } from "vitest";
import { type Claim, claimsToServe, PROVISIONER, type Volume, volumeFor, volumesToRemove } from "./provision.ts";

const ASKED = { "volume.kubernetes.io/storage-provisioner": PROVISIONER };
const claim = (change: { metadata?: object; spec?: object } = {}): Claim => ({
  metadata: {
    name: "data",
    namespace: "apps",
    uid: "u1",
    annotations: { ...ASKED, "volume.kubernetes.io/selected-node": "n1" },
    ...change.metadata,
  },
  spec: {
    storageClassName: "local",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    ...change.spec,
  },
});
const volume = (change: { metadata?: object; spec?: object; status?: object } = {}): Volume => ({
  metadata: { name: "pvc-u1", annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER }, ...change.metadata },
  spec: { persistentVolumeReclaimPolicy: "Delete", ...change.spec },
  status: { phase: "Released", ...change.status },
});

describe("a claim", () => {
  it("gets a volume once a pod that uses it is placed", () => {
    expect(claimsToServe([claim()], [])).toHaveLength(1);
    expect(claimsToServe([claim({ metadata: { annotations: ASKED } })], [])).toEqual([]);
  });
  it("gets a volume of its own class if that class names this provisioner", () => {
    const other = claim({ spec: { storageClassName: "other" } });
    expect(claimsToServe([other], [])).toEqual([other]);
    expect(volumeFor(other, "/x")).toMatchObject({ spec: { storageClassName: "other" } });
  });
  it.each([
    [
      "of another provisioner's class",
      claim({ metadata: { annotations: { "volume.kubernetes.io/selected-node": "n1" } } }),
    ],
    ["bound", claim({ spec: { volumeName: "pv" } })],
    ["being deleted", claim({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })],
    ["for a block device", claim({ spec: { volumeMode: "Block" } })],
  ])("gets no volume if it is %s", (_, other) => {
    expect(claimsToServe([other], [])).toEqual([]);
  });
  it("gets only one volume", () => {
    expect(claimsToServe([claim()], [volume({ status: { phase: "Available" } })])).toEqual([]);
  });
});

describe("a volume", () => {
  it("is removed after its claim is deleted", () => {
    expect(volumesToRemove([volume()])).toHaveLength(1);
  });
  it.each([
    ["in use", volume({ status: { phase: "Bound" } })],
    ["of another provisioner", volume({ metadata: { annotations: {} } })],
    ["with the policy Retain", volume({ spec: { persistentVolumeReclaimPolicy: "Retain" } })],
    ["already being deleted", volume({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })],
  ])("stays if it is %s", (_, other) => {
    expect(volumesToRemove([other])).toEqual([]);
  });
  it("is a local volume on the selected node for this claim only", () => {
    expect(volumeFor(claim(), "/x")).toMatchObject({
      metadata: { name: "pvc-u1" },
      spec: {
        local: { path: "/x" },
        claimRef: { namespace: "apps", name: "data", uid: "u1" },
        capacity: { storage: "1Gi" },
        nodeAffinity: {
          required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", values: ["n1"] }] }] },
        },
      },
    });
  });
});
