import { describe, expect, it } from "vitest";
import { desiredInput } from "../../test/fixture.ts";
import { children } from "../assistants/desired/index.ts";
import type { LiveObject } from "../assistants/observe/snapshot.ts";
import { isConverged, withDesiredHash } from "./difference.ts";

const api = withDesiredHash(children(desiredInput()).servers.api!);
const policy = withDesiredHash(
  children(desiredInput()).foundation.find(
    ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "demo-api",
  )!,
);

/** The live object after `change`. */
function live(change: (object: never) => void = () => undefined, from: object = api): LiveObject {
  const copy = structuredClone(from);
  change(copy as never);
  return copy as LiveObject;
}

// biome-ignore lint/suspicious/noExplicitAny: the tests reach deep into an object
type Deep = any;

describe("isConverged", () => {
  it("holds for what was applied, with everything others and the server add", () => {
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
    expect(isConverged(api, grown)).toBe(true);
  });

  it("does not mind what the server leaves out because it is empty", () => {
    expect(
      isConverged(
        policy,
        live((object: Deep) => delete object.spec.ingress[0].from[0].namespaceSelector, policy),
      ),
    ).toBe(true);
    const model = withDesiredHash(
      children(desiredInput()).foundation.find(
        ({ kind, metadata }) => kind === "NetworkPolicy" && metadata.name === "demo-model",
      )!,
    );
    expect(
      isConverged(
        model,
        live((object: Deep) => delete object.spec.egress, model),
      ),
    ).toBe(true);
  });

  it.each<[string, (object: Deep) => void]>([
    ["a value of ours changed", (object) => (object.spec.template.spec.containers[0].image = "evil")],
    ["a variable changed", (object) => (object.spec.template.spec.containers[0].env[0].value = "1")],
    ["a variable gone", (object) => object.spec.template.spec.containers[0].env.pop()],
    ["a label gone", (object) => delete object.metadata.labels["app.kubernetes.io/name"]],
    ["a mount gone", (object) => object.spec.template.spec.containers[0].volumeMounts.pop()],
    ["a port changed", (object) => (object.spec.template.spec.containers[0].ports[0].name = "x")],
    ["the owner gone", (object) => (object.metadata.ownerReferences = [])],
    [
      "security loosened",
      (object) => delete object.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem,
    ],
    [
      "the hash of another desired state",
      (object) => (object.metadata.annotations["taskassistant.dev/desired-hash"] = "0"),
    ],
    ["being deleted", (object) => (object.metadata.deletionTimestamp = "now")],
  ])("does not hold with %s", (_what, change) => {
    expect(isConverged(api, live(change))).toBe(false);
  });

  it("compares lists that are replaced as a whole as a whole", () => {
    expect(
      isConverged(
        policy,
        live((object: Deep) => object.spec.egress.push({}), policy),
      ),
    ).toBe(false);
    expect(
      isConverged(
        policy,
        live((object: Deep) => object.spec.ingress[0].ports.push({ port: 1, protocol: "TCP" }), policy),
      ),
    ).toBe(false);
  });

  it("does not hold for what does not exist", () => {
    expect(isConverged(api, undefined)).toBe(false);
  });
});
