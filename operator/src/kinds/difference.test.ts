import { describe, expect, it } from "vitest";
import { desiredInput } from "../../test/fixtures/assistant-fixture.ts";
import { children } from "../assistants/desired/index.ts";
import type { KubeObject } from "../kube/index.ts";
import { difference, withDesiredHash } from "./difference.ts";

const api = withDesiredHash(children(desiredInput()).servers.api!);
const policy = withDesiredHash(
  children(desiredInput()).foundation.find(
    ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "demo-api",
  )!,
);

/** The live object after `change`. */
function live(change: (object: never) => void = () => undefined, from: object = api): KubeObject {
  const copy = structuredClone(from);
  change(copy as never);
  return copy as KubeObject;
}

// biome-ignore lint/suspicious/noExplicitAny: the tests reach deep into an object
type Deep = any;

describe("difference", () => {
  it("is none between an applied object and a live one to which the server and others added fields", () => {
    const grown = live((object: Deep) => {
      object.metadata.resourceVersion = "7";
      object.metadata.labels.team = "a";
      object.metadata.annotations["someone.example/note"] = "x";
      object.spec.replicas = 3;
      object.spec.progressDeadlineSeconds = 600;
      const [container] = object.spec.template.spec.containers;
      container.env.unshift({ name: "MINE", value: "1" });
      container.terminationMessagePath = "/dev/termination-log";
      object.spec.template.spec.containers.push({ name: "sidecar", image: "x" });
      object.spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"] = "now";
      object.status = { replicas: 1 };
    });
    expect(difference(api, grown)).toBeUndefined();
  });

  it("is none between a Service and a live one to which others added a port", () => {
    const service = withDesiredHash(
      children(desiredInput()).foundation.find(
        ({ kind, metadata }) => kind === "Service" && metadata.name === "demo-api",
      )!,
    );
    const grown = live(
      (object: Deep) => object.spec.ports.unshift({ name: "extra", port: 1, protocol: "TCP" }),
      service,
    );
    expect(difference(service, grown)).toBeUndefined();
  });

  it("is none where the server left out an empty value", () => {
    expect(
      difference(
        policy,
        live((object: Deep) => delete object.spec.ingress[0].from[0].namespaceSelector, policy),
      ),
    ).toBeUndefined();
    const model = withDesiredHash(
      children(desiredInput()).foundation.find(
        ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "demo-model",
      )!,
    );
    expect(
      difference(
        model,
        live((object: Deep) => delete object.spec.egress, model),
      ),
    ).toBeUndefined();
  });

  it.each<[string, (object: Deep) => void, string]>([
    [
      "a value that was changed",
      (object) => (object.spec.template.spec.containers[0].image = "evil"),
      'spec.template.spec.containers[name="api"].image',
    ],
    [
      "a variable that was changed",
      (object) => (object.spec.template.spec.containers[0].env[0].value = "1"),
      'spec.template.spec.containers[name="api"].env[name="NODE_OPTIONS"].value',
    ],
    [
      "a variable that was removed",
      (object) => object.spec.template.spec.containers[0].env.shift(),
      'spec.template.spec.containers[name="api"].env[name="NODE_OPTIONS"]',
    ],
    [
      "a label that was removed",
      (object) => delete object.metadata.labels["app.kubernetes.io/name"],
      'metadata.labels["app.kubernetes.io/name"]',
    ],
    [
      "a mount that was removed",
      (object) => object.spec.template.spec.containers[0].volumeMounts.shift(),
      'spec.template.spec.containers[name="api"].volumeMounts[mountPath="/tmp"]',
    ],
    [
      "a port that was renamed",
      (object) => (object.spec.template.spec.containers[0].ports[0].name = "x"),
      'spec.template.spec.containers[name="api"].ports[containerPort=8000,protocol="TCP"].name',
    ],
    [
      "an owner that was removed",
      (object) => (object.metadata.ownerReferences = []),
      'metadata.ownerReferences[uid="00000000-0000-4000-8000-000000000001"]',
    ],
    [
      "loosened security",
      (object) => delete object.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem,
      'spec.template.spec.containers[name="api"].securityContext.readOnlyRootFilesystem',
    ],
    [
      "the hash of another desired state",
      (object) => (object.metadata.annotations["taskassistant.dev/desired-hash"] = "0"),
      'metadata.annotations["taskassistant.dev/desired-hash"]',
    ],
    ["a deletion under way", (object) => (object.metadata.deletionTimestamp = "now"), "metadata.deletionTimestamp"],
  ])("names the path of %s", (_what, change, path) => {
    expect(difference(api, live(change))).toBe(path);
  });

  it("names the field rather than the hash when both differ", () => {
    const both = live((object: Deep) => {
      object.metadata.annotations["taskassistant.dev/desired-hash"] = "0";
      object.spec.revisionHistoryLimit = 99;
    });
    expect(difference(api, both)).toBe("spec.revisionHistoryLimit");
  });

  it("is the list itself where a list that is replaced as a whole has another length", () => {
    const more = live((object: Deep) => object.spec.egress.push({}), policy);
    expect(difference(policy, more)).toBe("spec.egress");
    const ports = live((object: Deep) => object.spec.ingress[0].ports.push({ port: 1, protocol: "TCP" }), policy);
    expect(difference(policy, ports)).toBe("spec.ingress[0].ports");
  });
});
