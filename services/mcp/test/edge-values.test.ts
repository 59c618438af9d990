import { TOOL_EXAMPLES, TOOL_IDS, TOOL_INPUTS, TOOLS } from "@taskassistant/contracts";
import { EDGE_VALUES } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { call, type Harness, type Replica, startHarness } from "./harness.ts";

let harness: Harness;
let replica: Replica;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

test.each(TOOL_IDS)(
  "%s answers every edge value of each argument without an unexpected failure",
  async (id) => {
    const { name } = TOOLS[id];
    const token = harness.externalToken(harness.ana);
    const added = await call(replica.url, "modern", token, TOOLS.addTask.name, { title: "exists" });
    const task = (added.structured as { task: { id: string } }).task.id;
    const example = JSON.parse(JSON.stringify(TOOL_EXAMPLES[id]).replaceAll("t_000000000000", task));
    const wrong: string[] = [];
    for (const argument of Object.keys(TOOL_INPUTS[id].shape)) {
      const inList = Array.isArray(example[argument]);
      const answers = EDGE_VALUES.map(async (value) => {
        const given = inList && !Array.isArray(value) ? [value] : value;
        const answer = await call(replica.url, "modern", token, name, { ...example, [argument]: given });
        if (answer.status >= 500 || answer.error !== undefined)
          wrong.push(`${argument} = ${JSON.stringify(given)}: ${answer.status} ${answer.error?.message}`);
      });
      await Promise.all(answers);
    }
    expect(wrong).toEqual([]);
    const reasons = new Set((await harness.audit()).map((row) => row.reason));
    expect(reasons).not.toContain("unexpected");
  },
  60_000,
);
