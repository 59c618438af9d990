import { join } from "node:path";
import { run } from "@taskassistant/cluster/machine";
import { expect, it } from "vitest";
import { assistantHarness } from "../../operator/test/harness/assistant-harness.ts";
import { operatorHarness } from "../../operator/test/harness/operator-harness.ts";
import { follow, read, stepsOf } from "./texts.ts";

const harness = operatorHarness("docs-plan");
const { ready, settled } = assistantHarness(harness);

const steps = stepsOf(read("docs/how-to/plan.md"));

it("the commands of docs/how-to/plan.md do what it says, and print what it shows", async () => {
  await ready("team");
  await settled("team");
  const { programs, kubeconfig } = harness().cluster;
  const shell = (text: string) =>
    run("bash", ["-euo", "pipefail", "-c", text], {
      timeoutMs: 120_000,
      env: { ...process.env, KUBECONFIG: kubeconfig, PATH: `${join(programs)}:${process.env.PATH}` },
    });
  const printed = await follow(steps, shell);
  expect(printed).toHaveLength(5);
  expect(printed[2]).toMatch(/demo\s+True\s+Paused/);
  await settled("team");
  expect((await shell("kubectl -n team get deploy demo-mcp -o jsonpath='{.spec.replicas}'")).trim()).toBe("2");
}, 400_000);
