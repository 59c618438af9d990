import { expect, it } from "vitest";
import { configMap } from "../../test/fixtures/kube-fixture.ts";
import type { Resource } from "../kube/index.ts";
import { keyFromId, keyId, keyOf, kindOf } from "./keys.ts";

const deployments: Resource = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
};

it.each([
  { kind: "ConfigMap", namespace: "shop", name: "demo" },
  { kind: "Deployment.apps", namespace: "shop", name: "demo" },
  { kind: "Node", namespace: "", name: "node-1" },
])("the key of a $kind survives its textual form", (key) => {
  expect(keyFromId(keyId(key))).toEqual(key);
});

it("objects of different kinds have different keys, even with the same namespace and name", () => {
  const map = configMap("demo");
  expect(keyId(keyOf(map))).not.toBe(keyId(keyOf({ ...map, kind: "Secret" })));
});

it("kinds of the same name in different groups are different kinds", () => {
  expect(kindOf(deployments)).not.toBe(kindOf({ ...deployments, group: "example.dev" }));
});

it("an object and its resource have the same kind", () => {
  expect(kindOf({ apiVersion: "apps/v1", kind: "Deployment" })).toBe(kindOf(deployments));
});
