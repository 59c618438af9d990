import type { Task } from "@taskassistant/contracts";
import { expect, test } from "vitest";
import { ApiError } from "../../../lib/errors/api-error.ts";
import { words as errorWords } from "../../../lib/errors/words.ts";
import { taskFixture } from "../task-fixture.ts";
import { words } from "../words.ts";
import { createEditDraft } from "./edit-draft.ts";
import { createEditSession } from "./edit-session.ts";
import { editOf } from "./task-edit.ts";

const milk = taskFixture();
const CODES: Record<number, string> = { 404: "not_found", 409: "quota_exceeded", 412: "conflict" };
const refusal = (status: number) => new ApiError({ status, code: CODES[status] ?? "unavailable", detail: "Full." });

/** A place for a draft that lasts as long as the test. */
function memoryPlace() {
  let kept = "";
  return {
    read: () => kept,
    write: (text: string) => {
      kept = text;
    },
  };
}

/** An editor on the page whose requests wait to be answered by the test. */
function editing(place = memoryPlace()) {
  const said: string[] = [];
  const sent: { patch: object; version: number | undefined; answer: PromiseWithResolvers<Task> }[] = [];
  let now: Task | ApiError = milk;
  const session = createEditSession({
    task: milk,
    draft: createEditDraft(place),
    tasks: {
      patch: (_id, patch, version) => {
        const answer = Promise.withResolvers<Task>();
        sent.push({ patch, version, answer });
        return answer.promise;
      },
      get: async () => {
        if (now instanceof ApiError) throw now;
        return now;
      },
    },
    onClose: () => said.push("closed"),
    onSaved: ({ title }) => said.push(`saved ${title}`),
    onLost: (sentence) => said.push(`lost: ${sentence}`),
  });
  const unmount = session.subscribe(() => {});
  return { session, said, sent, unmount, meanwhile: (task: Task | ApiError) => (now = task) };
}

test("edits that were left by Escape are back the next time, until they are saved or thrown away", async () => {
  const place = memoryPlace();
  const first = editing(place);
  first.session.change({ notes: "two litres" });
  first.session.leave();

  const second = editing(place);
  expect(second.session.getSnapshot()).toMatchObject({ restored: true, edit: { notes: "two litres" } });
  second.session.discard();
  expect(second.session.getSnapshot()).toMatchObject({ restored: false, edit: { notes: "" } });
  second.session.change({ notes: "three litres" });
  const saving = second.session.save();
  second.sent[0]?.answer.resolve({ ...milk, notes: "three litres", version: 2 });
  await saving;
  expect(editing(place).session.getSnapshot()).toMatchObject({ restored: false, edit: { notes: "" } });

  const third = editing(place);
  third.session.change({ title: "Nothing" });
  third.session.cancel();
  expect(editing(place).session.getSnapshot()).toMatchObject({ restored: false, edit: { title: "Buy milk" } });
});

test.each(["", "{", "null", '{"opened":1}', '{"edit":{"title":1}}'])("a draft that holds %j is none", (text) => {
  const place = memoryPlace();
  place.write(text);
  expect(editing(place).session.getSnapshot().restored).toBe(false);
});

test("an edit is saved once, and the editor closes", async () => {
  const { session, said, sent } = editing();
  session.change({ title: "Buy oat milk" });
  const saving = [session.save(), session.save()];
  expect(session.getSnapshot().saving).toBe(true);
  sent[0]?.answer.resolve({ ...milk, title: "Buy oat milk", version: 2 });
  await Promise.all(saving);
  expect(sent.map(({ patch, version }) => ({ patch, version }))).toEqual([
    { patch: { title: "Buy oat milk" }, version: 1 },
  ]);
  expect(said).toEqual(["saved Buy oat milk", "closed"]);
});

test("an editor that saves can't be left or typed in, and keeps everything typed when the server refuses", async () => {
  const { session, said, sent } = editing();
  session.change({ notes: "two litres" });
  const saving = session.save();
  expect(session.leave()).toBe(false);
  session.change({ notes: "" });
  sent[0]?.answer.reject(refusal(503));
  await saving;
  expect(said).toEqual([]);
  expect(session.getSnapshot()).toEqual({
    edit: { ...editOf(milk), notes: "two litres" },
    restored: false,
    saving: false,
    untitled: false,
    problem: `${words.saveFailed("Buy milk")} ${errorWords.unavailable}`,
  });
  void session.save();
  expect(sent[1]?.patch).toEqual({ notes: "two litres" });
});

test("a refusal is reported elsewhere when the editor has left the page, and a success closes nothing then", async () => {
  for (const status of [412, 503]) {
    const { session, said, sent, unmount } = editing();
    session.change({ notes: "two litres" });
    const saving = session.save();
    unmount();
    sent[0]?.answer.reject(refusal(status));
    await saving;
    const why = status === 412 ? errorWords.conflict : errorWords.unavailable;
    expect(said).toEqual([`lost: ${words.saveFailed("Buy milk")} ${why}`]);
  }
  const { session, said, sent, unmount } = editing();
  session.change({ title: "Buy oat milk" });
  const saving = session.save();
  unmount();
  sent[0]?.answer.resolve({ ...milk, title: "Buy oat milk" });
  await saving;
  expect(said).toEqual(["saved Buy oat milk"]);
});

test("after a change elsewhere the next attempt builds on that change", async () => {
  const { session, sent, meanwhile } = editing();
  session.change({ notes: "two litres" });
  const saving = session.save();
  meanwhile({ ...milk, title: "Buy bread", version: 2 });
  sent[0]?.answer.reject(refusal(412));
  await saving;
  expect(session.getSnapshot()).toMatchObject({
    edit: { title: "Buy bread", notes: "two litres" },
    problem: words.editor.conflict,
  });
  void session.save();
  expect(sent[1]).toMatchObject({ patch: { notes: "two litres" }, version: 2 });
});

test("an editor whose task no longer exists says so and keeps the typed text", async () => {
  for (const status of [404, 412]) {
    const { session, sent, meanwhile } = editing();
    session.change({ notes: "two litres" });
    const saving = session.save();
    meanwhile(refusal(404));
    sent[0]?.answer.reject(refusal(status));
    await saving;
    expect(session.getSnapshot()).toMatchObject({ edit: { notes: "two litres" }, problem: words.editor.gone });
  }
});

test("a task that can't be read after a change elsewhere is not taken for one that is gone", async () => {
  const { session, sent, meanwhile } = editing();
  session.change({ notes: "two litres" });
  const saving = session.save();
  meanwhile(refusal(503));
  sent[0]?.answer.reject(refusal(412));
  await saving;
  expect(session.getSnapshot().problem).toBe(`${words.saveFailed("Buy milk")} ${errorWords.unavailable}`);
});

test("a full account is told so, not that the task was changed elsewhere", async () => {
  const { session, sent } = editing();
  session.change({ project: "One more" });
  const saving = session.save();
  sent[0]?.answer.reject(refusal(409));
  await saving;
  expect(session.getSnapshot().problem).toBe(`${words.saveFailed("Buy milk")} Full.`);
});

test("nothing is sent without a title, and an editor without changes just closes", async () => {
  const { session, said, sent } = editing();
  session.change({ title: " " });
  await session.save();
  session.change({ notes: "" });
  expect(session.getSnapshot().untitled).toBe(true);
  session.change({ title: "Buy milk" });
  expect(session.getSnapshot().untitled).toBe(false);
  await session.save();
  expect([sent.length, said]).toEqual([0, ["closed"]]);
});
