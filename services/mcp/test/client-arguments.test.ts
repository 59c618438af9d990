import { TOOL_EXAMPLES, TOOL_IDS, TOOL_INPUTS, TOOLS } from "@taskassistant/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, ERAS, type Harness, publishedTools, type Replica, startHarness } from "./harness.ts";

/*
 * What clients of others do, as the issue trackers of Claude Code, Cursor, VS Code, Copilot, goose, Open WebUI, LibreChat
 * and of the protocol's libraries report it.
 */

let harness: Harness;
let replica: Replica;
let token: string;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
  token = harness.externalToken(harness.ana);
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

describe.each(ERAS)("arguments that are null or empty, %s era", (era) => {
  const use = (name: string, args: Record<string, unknown>) => call(replica.url, era, token, name, args);
  const added = async () => {
    const answer = await use("add_task", { title: "Pay rent", notes: "by transfer", due: "2026-12-01" });
    return JSON.parse(answer.text).task as { id: string };
  };

  it.each([null, ""])("%j in every other field of a change loses no date and no notes", async (blank) => {
    const { id } = await added();
    const [schema] = (await publishedTools(replica.url, era, token)).filter((tool) => tool.name === "update_task");
    const all = Object.fromEntries(Object.keys(schema!.inputSchema.properties).map((name) => [name, blank]));
    const answer = await use("update_task", { ...all, task_id: id, done: true });
    expect(answer.structured).toMatchObject({
      task: { title: "Pay rent", notes: "by transfer", due: "2026-12-01", done: true },
    });
  });

  it.each(TOOL_IDS)("%s takes null and an empty text for every argument that may be left out", async (id) => {
    const { id: task } = await added();
    const example = JSON.parse(JSON.stringify(TOOL_EXAMPLES[id]).replaceAll("t_000000000000", task));
    for (const blank of [null, ""]) {
      const all = Object.fromEntries(Object.keys(TOOL_INPUTS[id].shape).map((name) => [name, blank]));
      const answer = await use(TOOLS[id].name, { ...all, ...example });
      expect({ blank, error: answer.isError ? answer.text : undefined }).toEqual({ blank, error: undefined });
      if (id === "deleteTask") break;
    }
  });

  it.each([null, ""])("%j for an argument that must be given is an error", async (blank) => {
    expect(await use("add_task", { title: blank })).toMatchObject({ isError: true });
    expect(await use("complete_task", { task_ids: blank })).toMatchObject({ isError: true });
  });

  it("an empty list of tags takes no tag away, and clear_fields does", async () => {
    const made = JSON.parse((await use("add_task", { title: "report", tags: ["calls"] })).text);
    const change = { task_id: made.task.id, tags: [] };
    expect((await use("update_task", { ...change, done: true })).structured).toMatchObject({
      task: { tags: ["calls"] },
    });
    const cleared = await use("update_task", { ...change, clear_fields: ["tags"] });
    expect(cleared.structured).toMatchObject({ task: { tags: [] } });
  });

  it("clear_fields empties fields, and an empty list empties none", async () => {
    const { id: task_id } = await added();
    const kept = await use("update_task", { task_id, title: "Pay the rent", clear_fields: [] });
    expect(kept.structured).toMatchObject({ task: { due: "2026-12-01", notes: "by transfer" } });
    const cleared = await use("update_task", { task_id, clear_fields: ["due", "notes"] });
    expect(cleared.structured).toMatchObject({ task: { title: "Pay the rent", due: null, notes: "" } });
  });
});

describe("the published schemas", () => {
  it("have the plain form that every client and every model's server takes", async () => {
    for (const { name, inputSchema } of await publishedTools(replica.url, "modern", token)) {
      // Some clients put the server's name before the tool's and refuse more than 60 characters.
      expect(name.length).toBeLessThanOrEqual(40);
      expect(inputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
      for (const [argument, schema] of Object.entries(inputSchema.properties)) plain(`${name}.${argument}`, schema);
    }
  });

  function plain(where: string, schema: unknown): void {
    const { type, items, ...rest } = schema as Record<string, unknown>;
    expect(typeof type, `${where} has one type`).toBe("string");
    for (const keyword of ["anyOf", "oneOf", "allOf", "$ref", "format", "const"]) {
      expect(rest, where).not.toHaveProperty(keyword);
    }
    if (type === "array") plain(`${where}[]`, items);
  }
});
