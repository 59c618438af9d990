import { expect, test } from "vitest";
import { words } from "../words.ts";
import { hintOf, readTyped, type Typing, taskOf } from "./task-of-text.ts";

const TYPING: Typing = {
  today: "2026-11-26",
  locale: "en-GB",
  timeZone: "Europe/Berlin",
  now: new Date("2026-11-26T09:00:00Z"),
};
const task = (text: string, typing: Partial<Typing> = {}) =>
  taskOf(readTyped(text, { ...TYPING, ...typing }), TYPING.timeZone);

test.each([
  ["call mum fri", { title: "Call mum", due: "2026-11-27" }],
  ["email Bob tmr p1 #work", { title: "Email Bob", due: "2026-11-27", priority: 1, tags: ["work"] }],
  ["call Tom tomorrow 5pm", { title: "Call Tom", due: "2026-11-27", due_time: "17:00", due_zone: "Europe/Berlin" }],
  [
    "physio mon and wed at 18:15",
    {
      title: "Physio",
      due: "2026-11-30",
      due_time: "18:15",
      due_zone: "Europe/Berlin",
      repeat: "FREQ=WEEKLY;BYDAY=MO,WE",
      repeat_from: "due",
    },
  ],
  [
    "change filter every! 90 days",
    {
      title: "Change filter",
      due: "2026-11-26",
      due_zone: "Europe/Berlin",
      repeat: "FREQ=DAILY;INTERVAL=90",
      repeat_from: "completion",
    },
  ],
  ["3 apples and 2 pears", { title: "3 apples and 2 pears", due: null }],
])("%s becomes a task with what was said, and nothing else", (text, fields) => {
  expect(task(text)).toEqual(fields);
});

test("a word behind # is the project of that name if there is one, else a tag; behind @ it is a tag", () => {
  const of = (text: string) => taskOf(readTyped(text, TYPING), TYPING.timeZone, ["Work", "home"]);
  expect(of("report #work @Calls")).toMatchObject({ title: "Report", project: "Work", tags: ["Calls"] });
  expect(of("report #garden, #HOME")).toMatchObject({ project: "home", tags: ["garden"] });
  expect(of("report #work #home")).toMatchObject({ project: "home", tags: ["work"] });
  expect(of("report @work")).toEqual({ title: "Report", due: null, tags: ["work"] });
  expect(of("fix #123 for bob@example.com")).toEqual({ title: "Fix #123 for bob@example.com", due: null });
});

test("a time that has passed is tomorrow's, by the clock of the person's zone", () => {
  expect(task("gym 9:30").due).toBe("2026-11-27");
  expect(task("gym 10:30").due).toBe("2026-11-26");
});

test("what is taken back stays in the title, and the rest is still understood", () => {
  const text = "call Tom tomorrow 5pm p2";
  const { parts } = readTyped(text, TYPING);
  expect(parts.map(({ kind }) => kind)).toEqual(["date", "time", "priority"]);
  const titles = parts.map((part) => taskOf(readTyped(text, TYPING, [part]), TYPING.timeZone).title);
  for (const [index, { text: words }] of parts.entries()) expect(titles[index]).toContain(words);
  expect(taskOf(readTyped(text, TYPING, parts), TYPING.timeZone)).toEqual({
    title: "Call Tom tomorrow 5pm p2",
    due: null,
  });
});

test.each([
  ["", null],
  ["  ", null],
  ["tomorrow", words.titleMissing],
  ["#work", words.titleMissing],
  ["@calls", words.titleMissing],
  ["p1", words.titleMissing],
  ["rent 31 Feb", words.noSuchDay({ day: 31, month: 2 }, TYPING.locale)],
  ["rent #home", null],
])("of %j the field says what is missing: %s", (text, hint) => {
  expect(hintOf(text, readTyped(text, TYPING), TYPING.locale)).toBe(hint);
});
