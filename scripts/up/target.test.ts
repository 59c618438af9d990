import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseTarget } from "./target.ts";

describe("chooseTarget", () => {
  it("chooses the embedded cluster without variables, whatever KUBECONFIG contains", () => {
    expect(chooseTarget({ KUBECONFIG: "/somewhere/production" })).toEqual({ kind: "embedded", name: "taskassistant" });
  });

  it("chooses a context only by its name", () => {
    expect(chooseTarget({ TASKASSISTANT_CONTEXT: "staging", REGISTRY: "registry.example/team/" })).toEqual({
      kind: "context",
      context: "staging",
      registry: "registry.example/team",
    });
  });

  it("derives the contexts of kind and minikube from the cluster name", () => {
    expect(chooseTarget({ CLUSTER: "kind", CLUSTER_NAME: "dev" })).toMatchObject({
      cluster: "dev",
      context: "kind-dev",
    });
    expect(chooseTarget({ CLUSTER: "minikube" })).toMatchObject({ profile: "minikube", context: "minikube" });
  });

  it.each([
    [{ CLUSTER: "k3d" }, /use kind or minikube/],
    [{ CLUSTER: "kind", TASKASSISTANT_CONTEXT: "x" }, /either/],
    [{ REGISTRY: "registry.example" }, /TASKASSISTANT_CONTEXT/],
  ])("rejects %o and reports the correct usage", (env, message) => {
    expect(() => chooseTarget(env)).toThrow(message);
  });
});

it.each(["up", "down"])("make %s reports a wrong variable in one line, without a stack", (folder) => {
  const env = { ...process.env, CLUSTER: "k3d", DEBUG: "" };
  const main = join(import.meta.dirname, "..", folder, "main.ts");
  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^make ${folder}: CLUSTER=k3d is not supported; use kind or minikube[^\\n]*\\n$`));
});
