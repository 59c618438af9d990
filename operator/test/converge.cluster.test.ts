import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtin } from "../src/kube/index.ts";
import { startStubKubelet } from "./stub-kubelet.ts";
import {
  createAssistant,
  isWrite,
  operatorRequests,
  startOperator,
  startWorld,
  type World,
  waitCondition,
} from "./support.ts";

let world: World;
let kubelet: ReturnType<typeof startStubKubelet>;
let operator: Awaited<ReturnType<typeof startOperator>>;

beforeAll(async () => {
  world = await startWorld("operator-converge");
  kubelet = startStubKubelet(world.client);
  operator = await startOperator(world);
});
afterAll(async () => {
  await operator?.stop();
  await kubelet?.stop();
  await world?.stop();
});

describe("a new TaskAssistant", () => {
  it("becomes Ready, and then nothing is written any more", async () => {
    await world.namespace("team");
    await createAssistant(world, "team", "demo");
    const started = Date.now();
    try {
      const ready = await waitCondition(world, { namespace: "team", name: "demo" }, "Ready", "True");
      console.log("ready after", Date.now() - started);
      console.log(JSON.stringify(ready.status, null, 1));
    } catch (error) {
      console.log(operator.lines.slice(-30).join("\n"));
      throw error;
    }
    await sleep(3000);
    const before = operatorRequests(world).filter(isWrite);
    console.log(before.map((entry) => `${entry.verb} ${entry.responseStatus?.code} ${entry.requestURI}`).join("\n"));
    await sleep(15000);
    const after = operatorRequests(world).filter(isWrite);
    expect(after.slice(before.length).map(({ requestURI }) => requestURI)).toEqual([]);
    expect(await world.list(builtin.Deployment, "team")).toHaveLength(4);
  });
});
