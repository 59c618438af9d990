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
  it("is served once a pod of its was placed", () => {
    expect(claimsToServe([claim()], [])).toHaveLength(1);
    expect(claimsToServe([claim({ metadata: { annotations: ASKED } })], [])).toEqual([]);
  });
  it("may be of any class that names this provisioner, and gets a volume of that class", () => {
    const other = claim({ spec: { storageClassName: "other" } });
    expect(claimsToServe([other], [])).toEqual([other]);
    expect(volumeFor(other, "/x")).toMatchObject({ spec: { storageClassName: "other" } });
  });
  it.each([
    ["of somebody else's class", claim({ metadata: { annotations: { "volume.kubernetes.io/selected-node": "n1" } } })],
    ["that is bound", claim({ spec: { volumeName: "pv" } })],
    ["that is going", claim({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })],
    ["for a block device", claim({ spec: { volumeMode: "Block" } })],
  ])("%s is left alone", (_, other) => {
    expect(claimsToServe([other], [])).toEqual([]);
  });
  it("gets one volume only", () => {
    expect(claimsToServe([claim()], [volume({ status: { phase: "Available" } })])).toEqual([]);
  });
});

describe("a volume", () => {
  it("is removed when its claim is gone", () => {
    expect(volumesToRemove([volume()])).toHaveLength(1);
  });
  it.each([
    ["in use", volume({ status: { phase: "Bound" } })],
    ["of somebody else", volume({ metadata: { annotations: {} } })],
    ["to be retained", volume({ spec: { persistentVolumeReclaimPolicy: "Retain" } })],
    ["that is going already", volume({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })],
  ])("%s stays", (_, other) => {
    expect(volumesToRemove([other])).toEqual([]);
  });
  it("is a local one on the chosen node, for this claim alone", () => {
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
