import { expect, test } from "vitest";
import { createUndoHistory, UNDO_MAX } from "./undo-history.ts";

/** A history with some changes, and what was taken back. */
function changed(...names: string[]) {
  const back: string[] = [];
  const history = createUndoHistory();
  const steps = names.map((name) => ({ undone: name, undo: async () => back.push(name) > 0 }));
  return { back, history, steps, takeBack: steps.map((step) => history.record(step)) };
}

test("several steps are taken back, the latest first, and then there is nothing left", async () => {
  const { back, history } = changed("a", "b", "c");
  for (let count = 0; count < 4; count += 1) await history.undoLast();
  expect(back).toEqual(["c", "b", "a"]);
  expect(await history.undoLast()).toBe("nothing");
});

test("a step that was taken back by its own button is not taken back again", async () => {
  const { back, history, takeBack } = changed("a", "b");
  await takeBack[0]?.();
  await takeBack[0]?.();
  await history.undoLast();
  await history.undoLast();
  expect(back).toEqual(["a", "b"]);
});

test("a step that could not be taken back is no success, and is not tried again", async () => {
  const history = createUndoHistory();
  history.record({ undone: "a", undo: async () => false });
  expect(await history.undoLast()).toBe("failed");
  expect(await history.undoLast()).toBe("nothing");
});

test("two quick presses take two steps back, even if the first is not finished", async () => {
  const { back, history } = changed("a", "b");
  await Promise.all([history.undoLast(), history.undoLast()]);
  expect(back).toEqual(["b", "a"]);
});

test("a change that did not happen is forgotten, and so are the oldest", async () => {
  const { back, history, steps } = changed(...Array.from({ length: UNDO_MAX + 2 }, (_, index) => String(index)));
  history.forget(steps.at(-1)!);
  for (let count = 0; count < UNDO_MAX + 2; count += 1) await history.undoLast();
  expect([back.length, back[0], back.at(-1)]).toEqual([UNDO_MAX - 1, String(UNDO_MAX), "2"]);
});
