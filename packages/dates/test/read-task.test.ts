import { describe, expect, test } from "vitest";
import { readTask } from "../src/index.ts";
import { PHRASES } from "./phrases.ts";

const NOW = { today: "2026-11-26", time: "10:00" };

describe("on Thursday 26 November 2026, 10:00", () => {
  test.each(PHRASES)("“$typed” ($locale)", ({ typed, locale, ...expected }) => {
    const { title, due, time, repeat, priority, labels, tags } = readTask(typed, { ...NOW, locale });
    const rule =
      repeat === null ? undefined : `${repeat.rrule}${repeat.from === "completion" ? " after completion" : ""}`;
    expect({
      title,
      due: due ?? undefined,
      time: time ?? undefined,
      repeat: rule,
      priority: priority ?? undefined,
      labels,
      tags,
    }).toEqual({
      due: undefined,
      time: undefined,
      repeat: undefined,
      priority: undefined,
      labels: [],
      tags: [],
      ...expected,
    });
  });
});

describe("nothing typed is lost", () => {
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  test.each(PHRASES)("every word of “$typed” is in the title or in a part", ({ typed, locale }) => {
    const { title, parts } = readTask(typed, { ...NOW, locale });
    const shown = new Set([title, ...parts.map(({ text }) => text)].flatMap(words));
    expect(words(typed).filter((word) => !shown.has(word))).toEqual([]);
  });

  test.each(PHRASES)("“$typed” is the title again when every part is dropped", ({ typed, locale }) => {
    let reading = readTask(typed, { ...NOW, locale });
    const dropped = [];
    for (let round = 0; round < 10 && reading.parts.length > 0; round += 1) {
      dropped.push(...reading.parts);
      reading = readTask(typed, { ...NOW, locale }, { dropped });
    }
    expect(reading).toMatchObject({ parts: [], due: null, time: null, repeat: null, labels: [] });
    expect(words(reading.title)).toEqual(words(typed));
  });

  test("phrases put together at random are read without an error and lose no word", () => {
    let state = Number(process.env.SEED ?? 11);
    const below = (limit: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % limit;
    };
    const vocabulary = PHRASES.flatMap(({ typed }) => typed.split(" "));
    for (let count = 0; count < 600; count += 1) {
      const typed = Array.from({ length: 1 + below(9) }, () => vocabulary[below(vocabulary.length)]).join(" ");
      const locale = ["en-GB", "en-US", "de-DE", "ja-JP", "ar-EG"][below(5)] ?? "en";
      const { title, parts, due, time, repeat } = readTask(typed, { ...NOW, locale });
      const shown = new Set([title, ...parts.map(({ text }) => text)].flatMap(words));
      expect(
        words(typed).filter((word) => !shown.has(word)),
        typed,
      ).toEqual([]);
      if (time !== null || repeat !== null) expect(due, typed).not.toBeNull();
      for (const { start, end, text } of parts) expect(typed.slice(start, end)).toBe(text);
    }
  });
});

test.each([
  ["party 31 feb", "en-GB", { day: 31, month: 2, text: "31 feb" }],
  ["am 31. Februar feiern", "de-DE", { day: 31, month: 2, text: "31. Februar" }],
  ["Zahnarzt 30.02.", "de-DE", { day: 30, month: 2, text: "30.02" }],
  ["party 2/30", "en-US", { day: 30, month: 2, text: "2/30" }],
  ["party 2027-02-30", "en-GB", { day: 30, month: 2, text: "2027-02-30" }],
])("“%s” names a date that does not exist", (typed, locale, impossible) => {
  expect(readTask(typed, { ...NOW, locale })).toMatchObject({ due: null, impossible });
});

test("only the kinds asked for are taken out of the title", () => {
  const read = (typed: string) => readTask(typed, { ...NOW, locale: "en-GB" }, { kinds: ["date"] });
  expect(read("call Tom tomorrow 5pm")).toMatchObject({ title: "Call Tom 5pm", due: "2026-11-27", time: null });
  expect(read("call mum friday morning p1 #home")).toMatchObject({
    title: "Call mum morning p1 #home",
    due: "2026-11-27",
  });
  expect(read("water plants every 3 days")).toMatchObject({
    title: "Water plants every 3 days",
    due: null,
    repeat: null,
  });
});
