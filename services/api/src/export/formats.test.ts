import type { Task } from "@taskassistant/contracts";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { FORMATS } from "./index.ts";

const AT = new Date("2026-11-27T12:00:00.000Z");

const task = (change: Partial<Task> = {}): Task => ({
  id: "t_000000000001",
  title: "Buy milk",
  notes: "",
  done: false,
  priority: 4,
  due: null,
  due_time: null,
  due_zone: null,
  repeat: null,
  repeat_from: "due",
  occurrence: 1,
  project: null,
  tags: [],
  version: 1,
  created_at: "2026-11-26T08:00:00.123Z",
  updated_at: "2026-11-26T09:00:00.456Z",
  completed_at: null,
  ...change,
});

function file(format: keyof typeof FORMATS, tasks: readonly Task[]): string {
  const writer = FORMATS[format].createWriter(AT);
  return writer.start() + tasks.map(writer.task).join("") + writer.end();
}

describe("JSON", () => {
  test("loses nothing", () => {
    const tasks = [
      task({ notes: "ü\u2028\n", due: "2026-12-01", repeat: "FREQ=DAILY" }),
      task({ id: "t_000000000002" }),
    ];
    expect(JSON.parse(file("json", tasks))).toEqual({ exported_at: AT.toISOString(), tasks });
    expect(JSON.parse(file("json", []))).toEqual({ exported_at: AT.toISOString(), tasks: [] });
  });
});

describe("CSV", () => {
  test("has a row of names and one per task, quoted where RFC 4180 asks for it, with the mark that Excel needs", () => {
    const rows = file("csv", [task({ title: 'Say "hi", twice', notes: "a\nb", due: "2026-12-01" })]).split("\r\n");
    expect(rows[0]).toMatch(/^\uFEFFid,title,notes,done,priority,due,/);
    expect(rows[1]).toMatch(/^t_000000000001,"Say ""hi"", twice","a\nb",false,4,2026-12-01,/);
    expect(rows).toHaveLength(3);
  });

  test("has the tags in one field, and a project that a spreadsheet would run is kept from it", () => {
    expect(file("csv", [task({ project: "=1+1", tags: ["a", "b"] })])).toMatch(/,'=1\+1,"a, b",/);
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])("keeps a spreadsheet from running %j", (title) => {
    expect(file("csv", [task({ title })])).toContain(`'${title}`);
  });
});

describe("Markdown", () => {
  test("has the open tasks first, with their facts, and the notes below their task", () => {
    const tasks = [
      task({
        due: "2026-12-01",
        due_time: "17:30",
        due_zone: "Europe/Berlin",
        priority: 1,
        project: "Home",
        tags: ["a", "b_c"],
        notes: "- oat\n\n- whole",
      }),
      task({ title: "Ring\nAnna", done: true, completed_at: "2026-11-26T10:00:00.000Z" }),
    ];
    expect(file("md", tasks)).toBe(
      `# Tasks

## Open

- [ ] Buy milk (due 2026-12-01 17:30 Europe/Berlin, priority 1, project Home, tagged a, b\\_c)

  - oat

  - whole

## Done

- [x] Ring Anna (done 2026-11-26)
`.replace("whole\n\n##", "whole\n\n\n##"),
    );
  });

  test("shows the signs of a title as they are", () => {
    expect(file("md", [task({ title: "*a* [b](c) <d> `e` snake_case \\" })])).toContain(
      "- [ ] \\*a\\* \\[b\\](c) \\<d\\> \\`e\\` snake\\_case \\\\\n",
    );
  });
});

describe("iCalendar", () => {
  const toDos = (tasks: readonly Task[]) => {
    const calendar = new ICAL.Component(ICAL.parse(file("ics", tasks)));
    return { zones: calendar.getAllSubcomponents("vtimezone"), toDos: calendar.getAllSubcomponents("vtodo") };
  };
  const textOf = (change: Partial<Task>) => file("ics", [task(change)]).split("\r\n");

  test("is a calendar of to-dos with lines of at most 75 bytes", () => {
    const text = file("ics", [
      task({ title: "😀".repeat(200), notes: "a;b,c\\d\r\ne\u0007" }),
      task({ id: "t_000000000002" }),
    ]);
    for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const [first, second] = toDos([task({ title: "😀".repeat(200), notes: "a;b,c\\d\r\ne\u0007" }), task()]).toDos;
    expect(first?.getFirstPropertyValue("summary")).toBe("😀".repeat(200));
    expect(first?.getFirstPropertyValue("description")).toBe("a;b,c\\d\ne");
    expect(second?.getFirstPropertyValue("uid")).toBe("t_000000000001@taskassistant");
  });

  test.each<[string, Partial<Task>, string[]]>([
    ["a day", { due: "2026-12-01" }, ["DUE;VALUE=DATE:20261201"]],
    ["a time wherever the person is", { due: "2026-12-01", due_time: "17:30" }, ["DUE:20261201T173000"]],
    [
      "a time on the clock of a zone, which is declared",
      { due: "2026-12-01", due_time: "17:30", due_zone: "Europe/Berlin" },
      ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "DUE;TZID=Europe/Berlin:20261201T173000"],
    ],
    [
      "a zone under its old name",
      { due: "2026-12-01", due_time: "17:30", due_zone: "UTC" },
      ["TZID:UTC", "DUE;TZID=UTC:20261201T173000"],
    ],
    [
      "a rule, which counts from its start",
      { due: "2026-12-01", repeat: "FREQ=WEEKLY;BYDAY=TU" },
      ["DTSTART;VALUE=DATE:20261201", "DUE;VALUE=DATE:20261201", "RRULE:FREQ=WEEKLY;BYDAY=TU"],
    ],
    [
      "what is left of a count",
      { due: "2026-12-01", repeat: "FREQ=DAILY;COUNT=10", occurrence: 3 },
      ["RRULE:FREQ=DAILY;COUNT=8"],
    ],
    [
      "one occurrence at least, where the count was lowered later",
      { due: "2026-12-01", repeat: "FREQ=DAILY;COUNT=2", occurrence: 3 },
      ["RRULE:FREQ=DAILY;COUNT=1"],
    ],
    ["the last day", { due: "2026-12-01", repeat: "FREQ=DAILY;UNTIL=20270101" }, ["RRULE:FREQ=DAILY;UNTIL=20270101"]],
    [
      "the last time",
      { due: "2026-12-01", due_time: "08:00", repeat: "FREQ=DAILY;UNTIL=20270101" },
      ["RRULE:FREQ=DAILY;UNTIL=20270101T080000"],
    ],
    [
      "the last time of a zone, in UTC",
      { due: "2026-12-01", due_time: "20:00", due_zone: "America/New_York", repeat: "FREQ=DAILY;UNTIL=20270101" },
      ["RRULE:FREQ=DAILY;UNTIL=20270102T010000Z"],
    ],
    [
      "a rule from the completion",
      { due: "2026-12-01", repeat: "FREQ=DAILY", repeat_from: "completion" },
      ["X-TASKASSISTANT-REPEAT-FROM:COMPLETION"],
    ],
    [
      "done",
      { done: true, completed_at: "2026-11-26T10:00:00.000Z" },
      ["STATUS:COMPLETED", "COMPLETED:20261126T100000Z"],
    ],
    ["no priority", {}, ["PRIORITY:0", "STATUS:NEEDS-ACTION"]],
    ["a priority", { priority: 2 }, ["PRIORITY:5"]],
    [
      "project and tags",
      { project: "Work", tags: ["calls", "a,b"] },
      ["X-TASKASSISTANT-PROJECT:Work", "CATEGORIES:calls,a\\,b"],
    ],
  ])("has %s", (_, change, wanted) => {
    expect(textOf(change)).toEqual(expect.arrayContaining(wanted));
  });

  test("does not repeat what is done, since the next occurrence is a to-do of its own", () => {
    const done = { done: true, completed_at: "2026-11-26T10:00:00.000Z" };
    expect(textOf({ ...done, due: "2026-12-01", repeat: "FREQ=DAILY" }).join()).not.toMatch(/RRULE|DTSTART;VALUE/);
  });

  test("declares each zone once", () => {
    const berlin = { due: "2026-12-01", due_time: "17:30", due_zone: "Europe/Berlin" };
    expect(toDos([task(berlin), task(berlin), task({ ...berlin, due_zone: "Asia/Tokyo" })]).zones).toHaveLength(2);
  });
});
