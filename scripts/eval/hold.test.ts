import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Harness, startHarness } from "../../services/api/test/harness/harness.ts";
import { playing, says, toolCall } from "../../services/api/test/harness/model-scripts.ts";
import { hold } from "./hold.ts";
import { holdAll } from "./hold-all.ts";
import { exactly, untouched } from "./judge/graders.ts";
import type { Scenario, Theme } from "./scenarios/index.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.close());
beforeEach(() => h.model.reset());

const milk: Scenario = {
  name: "milk",
  zone: "Pacific/Kiritimati",
  play: (on) => ({
    before: {
      plants: { title: "Water the plants", due: on.today, due_zone: on.zone, repeat: "FREQ=DAILY" },
      old: { title: "Old milk", done: true, notes: "sour" },
      gone: { title: "Powdered milk", trashed: true },
    },
    says: ["add buy milk tomorrow", "complete water the plants"],
    ends: exactly({
      changed: { plants: { done: true } },
      added: [
        { title: /^Buy milk$/, due: on.in(1) },
        { title: /^Water the plants$/, due: on.in(1), repeat: "FREQ=DAILY" },
      ],
    }),
  }),
};

it("finds a conversation right by the tasks it leaves in the database, and counts its calls", async () => {
  const outcome = await hold(h, milk);
  expect(outcome).toMatchObject({ name: "milk", verdict: "right", toolCalls: 3, modelCalls: 5 });
  expect(outcome.seconds).toBeGreaterThan(0);
});

it("finds one wrong whose model only says that it did it", async () => {
  h.model.respond = playing([says("I have added “Buy milk” and completed “Water the plants”.")]);
  expect(await hold(h, milk)).toMatchObject({ verdict: "wrong", why: "done of “Water the plants” is false, not true" });
});

it("finds one wrong that deletes more than it was asked to", async () => {
  const question: Scenario = {
    name: "question",
    play: () => ({ before: { rent: { title: "Pay the rent" } }, says: ["what is open?"], ends: untouched }),
  };
  h.model.respond = ({ messages }) => {
    const id = /t_[0-9a-z]{12}/.exec(JSON.stringify(messages))?.[0];
    const deleted = messages.filter(({ role }) => role === "tool").length > 1;
    if (deleted) return [says("You have one open task.")];
    return [id === undefined ? toolCall("list_tasks") : toolCall("delete_task", { task_ids: [id] })];
  };
  expect(await hold(h, question)).toMatchObject({
    verdict: "wrong",
    why: "trashed of “Pay the rent” is true, not false",
  });
});

it("ends when the model answers none of the first conversations, with the reason", async () => {
  h.model.respond = () => [{ type: "error", status: 401, message: "Incorrect API key", code: "invalid_api_key" }];
  const lines: string[] = [];
  const theme: Theme = { name: "milk", scenarios: [milk, milk, milk, milk] };
  await expect(holdAll(h, [theme], (line) => lines.push(line))).rejects.toThrow(/the model does not answer: .+/);
  expect(lines.filter((line) => line.includes("failed"))).toHaveLength(3);
});
