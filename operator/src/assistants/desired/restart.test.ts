import { expect, it } from "vitest";
import { desiredInput } from "../../../test/fixtures/assistant-fixture.ts";
import type { LiveObject } from "../../kube/index.ts";
import { children } from "./children.ts";
import { RESTARTED_AT, restartedAt } from "./restart.ts";

const withMark = (value: string) =>
  ({ spec: { template: { metadata: { annotations: { [RESTARTED_AT]: value } } } } }) as unknown as LiveObject;

it.each<[string, string | undefined, LiveObject | undefined, string | undefined]>([
  ["a new value", "b", withMark("a"), "b"],
  ["no value any more", undefined, withMark("a"), "a"],
  ["an empty value", " ", withMark("a"), "a"],
  ["none and never one", undefined, undefined, undefined],
])("the mark of the last restart with %s", (_what, asked, live, expected) => {
  expect(restartedAt(asked === undefined ? {} : { annotations: { [RESTARTED_AT]: asked } }, live)).toBe(expected);
});

it("the mark of the last restart is short, and another one for another long value", () => {
  const of = (value: string) => restartedAt({ annotations: { [RESTARTED_AT]: value } }, undefined);
  expect(of("x".repeat(10_000))).toMatch(/^[0-9a-f]{16}$/);
  expect(of("x".repeat(10_000))).not.toBe(of(`${"x".repeat(10_000)}y`));
});

it("the mark of the last restart is in the pods of the tiers alone", () => {
  const restarts = { frontend: "t", api: "t", mcp: "t" };
  const { servers, database, migration } = children(desiredInput(undefined, { restarts }));
  const marked = Object.entries(servers).filter(
    ([, { spec }]) => spec?.template.metadata?.annotations?.[RESTARTED_AT] === "t",
  );
  expect(marked.map(([server]) => server).sort()).toEqual(["api", "frontend", "mcp"]);
  expect(JSON.stringify([database, migration, servers.model])).not.toContain(RESTARTED_AT);
});
