import { expect, test } from "vitest";
import { createTypedStore } from "./typed-store.ts";

const milk = { kind: "date", text: "tomorrow" } as const;

test("a line that could not be added comes back as it was, also to a field that is new on the page", () => {
  const typed = createTypedStore();
  const leave = typed.subscribe(() => {});
  typed.type("milk tomorrow");
  typed.drop([milk]);
  leave();
  expect(typed.getSnapshot()).toMatchObject({ text: "milk tomorrow", dropped: [milk] });
  const giveBack = typed.take();
  expect(typed.getSnapshot()).toMatchObject({ text: "", dropped: [] });
  giveBack();
  expect(typed.getSnapshot()).toMatchObject({ text: "milk tomorrow", dropped: [milk] });
});

test("a line that was begun meanwhile stays", () => {
  const typed = createTypedStore();
  typed.type("milk");
  const giveBack = typed.take();
  typed.type("bread");
  giveBack();
  expect(typed.getSnapshot()).toMatchObject({ text: "bread", dropped: [] });
});

test("pasted lines are added once, and those that could not be added are left", async () => {
  const typed = createTypedStore();
  typed.paste(["milk", "bread"]);
  const added: (readonly string[])[] = [];
  const answer = Promise.withResolvers<readonly string[]>();
  const add = (lines: readonly string[]) => {
    added.push(lines);
    return answer.promise;
  };
  const adding = [typed.addPasted(add), typed.addPasted(add)];
  expect(typed.getSnapshot().adding).toBe(true);
  answer.resolve(["bread"]);
  await Promise.all(adding);
  expect(added).toEqual([["milk", "bread"]]);
  expect(typed.getSnapshot()).toMatchObject({ pasted: ["bread"], adding: false });
});
