import { describe, expect, it } from "vitest";
import { parseIntent } from "./intent.ts";

/** A Wednesday. */
const today = "2026-11-25";
const intent = (message: string) => parseIntent(message, today);
const added = (message: string) => {
  const parsed = intent(message);
  return parsed.kind === "add"
    ? parsed.items.map(({ title, due }) => (due === undefined ? title : `${title} @${due}`))
    : parsed;
};

describe("projects and tags", () => {
  it.each([
    ["add report in project Work", { title: "Report", project: "Work" }],
    ["add report to my work project", { title: "Report", project: "work" }],
    ["add report to project “Big Plan”", { title: "Report", project: "Big Plan" }],
    ["add call Eva and tag it urgent", { title: "Call Eva", tags: ["urgent"] }],
    ["add call Eva with the tags calls, urgent", { title: "Call Eva", tags: ["calls", "urgent"] }],
    ["add call Eva @calls #work", { title: "Call Eva", tags: ["work", "calls"] }],
    ["add report on friday in project Work", { title: "Report", due: "2026-11-27", project: "Work" }],
    ["add plan the garden project", { title: "Plan the garden project" }],
    ['add "report in project Work"', { title: "Report in project Work" }],
  ])("%j says where a task belongs", (message, item) => {
    expect(intent(message)).toEqual({ kind: "add", items: [item] });
  });

  it.each<[string, object]>([
    ["move report to project Work", { kind: "file", target: { kind: "words", words: "report" }, project: "Work" }],
    ["put it in the work project", { kind: "file", target: { kind: "last" }, project: "work" }],
    ["add 2 to project Work", { kind: "file", target: { kind: "numbers", numbers: [2] }, project: "Work" }],
    ["tag it urgent", { kind: "tag", target: { kind: "last" }, tags: ["urgent"], off: false }],
    [
      "tag report with urgent and calls",
      { kind: "tag", target: { kind: "words", words: "report" }, tags: ["urgent", "calls"], off: false },
    ],
    ["untag 1 urgent", { kind: "tag", target: { kind: "numbers", numbers: [1] }, tags: ["urgent"], off: true }],
    ["move report to friday", { kind: "move", target: { kind: "words", words: "report" }, due: "2026-11-27" }],
    ["what is in project Work", { kind: "list", filter: { status: "open", project: "Work" }, label: "in “Work”" }],
  ])("%j", (message, expected) => {
    expect(intent(message)).toEqual(expected);
  });
});

describe("add", () => {
  it.each([
    ["add buy milk", ["Buy milk"]],
    ["Add buy milk tomorrow", ["Buy milk @2026-11-26"]],
    ["add buy milk tomorrow.", ["Buy milk @2026-11-26"]],
    ["please add buy milk today", ["Buy milk @2026-11-25"]],
    ["can you add buy milk on friday please?", ["Buy milk @2026-11-27"]],
    ["add a task to call mum next monday", ["Call mum @2026-11-30"]],
    ["add task: call mum", ["Call mum"]],
    ["Remind me to pay the rent in 3 days", ["Pay the rent @2026-11-28"]],
    ["remind me tomorrow to water the plants", ["Water the plants @2026-11-26"]],
    ["remind me on friday to water the plants", ["Water the plants @2026-11-27"]],
    ["I need to buy bread", ["Buy bread"]],
    ["todo: buy bread", ["Buy bread"]],
    ["create a new task buy stamps on 2026-12-24", ["Buy stamps @2026-12-24"]],
    ["add wrap presents on 24 December", ["Wrap presents @2026-12-24"]],
    ["add pay the rent on the 1st", ["Pay the rent @2026-12-01"]],
    ["add close the books by the 31st", ["Close the books @2026-12-31"]],
    ["add wrap presents by December 24th", ["Wrap presents @2026-12-24"]],
    ["add taxes on 3 March", ["Taxes @2027-03-03"]],
    ["add taxes on 3 March 2028", ["Taxes @2028-03-03"]],
    ["add dentist on wednesday", ["Dentist @2026-12-02"]],
    ["add dentist next friday", ["Dentist @2026-12-04"]],
    ["add dentist this friday", ["Dentist @2026-11-27"]],
    ["add dentist in a week", ["Dentist @2026-12-02"]],
    ["add dentist in two weeks", ["Dentist @2026-12-09"]],
    ["add dentist in 1 month", ["Dentist @2026-12-25"]],
    ["add dentist the day after tomorrow", ["Dentist @2026-11-27"]],
    ["add dentist next week", ["Dentist @2026-11-30"]],
    ["add buy milk to my list", ["Buy milk"]],
    ["add buy milk to the list for tomorrow", ["Buy milk @2026-11-26"]],
    ['add "read 1984 on monday"', ["Read 1984 on monday"]],
    ["add prepare Q3 review with Ana (ACME)", ["Prepare Q3 review with Ana (ACME)"]],
    ["add café für Zoë ☕", ["Café für Zoë ☕"]],
  ])("%j adds one task", (message, expected) => {
    expect(added(message)).toEqual(expected);
  });

  it.each([
    ["add buy milk and call mum", ["Buy milk", "Call mum"]],
    ["add buy milk, call mum and pay the rent", ["Buy milk", "Call mum", "Pay the rent"]],
    ["add buy milk and call mum tomorrow", ["Buy milk @2026-11-26", "Call mum @2026-11-26"]],
    ["add buy milk tomorrow and call mum on friday", ["Buy milk @2026-11-26", "Call mum @2026-11-27"]],
    ["add buy milk tomorrow, and add call mum", ["Buy milk @2026-11-26", "Call mum"]],
    ["remind me to buy milk and remind me to call mum", ["Buy milk", "Call mum"]],
    ["add three tasks: milk, eggs and bread", ["Milk", "Eggs", "Bread"]],
    ["add:\n- buy milk\n- call mum tomorrow", ["Buy milk @2026-11-26", "Call mum @2026-11-26"]],
    ["add buy milk; call mum", ["Buy milk", "Call mum"]],
  ])("%j adds several tasks", (message, expected) => {
    expect(added(message)).toEqual(expected);
  });

  it.each([
    ["add buy milk and eggs", ["Buy milk and eggs"]],
    ["add buy milk, eggs and bread", ["Buy milk, eggs and bread"]],
    ["add dinner with Tim and Struppi on friday", ["Dinner with Tim and Struppi @2026-11-27"]],
  ])("%j adds only one task", (message, expected) => {
    expect(added(message)).toEqual(expected);
  });
});

describe("list", () => {
  it.each([
    ["list", { status: "open" }],
    ["list my tasks", { status: "open" }],
    ["What's open?", { status: "open" }],
    ["what do I have to do", { status: "open" }],
    ["show me my tasks", { status: "open" }],
    ["What is due today?", { status: "open", due_from: today, due_to: today }],
    ["what is due tomorrow", { status: "open", due_from: "2026-11-26", due_to: "2026-11-26" }],
    ["what's due on friday?", { status: "open", due_from: "2026-11-27", due_to: "2026-11-27" }],
    ["what is due this week?", { status: "open", due_from: today, due_to: "2026-11-29" }],
    ["what is due next week?", { status: "open", due_from: "2026-11-30", due_to: "2026-12-06" }],
    ["what is overdue?", { status: "open", due_to: "2026-11-24" }],
    ["overdue", { status: "open", due_to: "2026-11-24" }],
    ["show completed tasks", { status: "done" }],
    ["what have I done?", { status: "done" }],
    ["list all tasks", { status: "all" }],
    ["find milk", { status: "all", query: "milk" }],
    ["show tasks about the dentist", { status: "all", query: "the dentist" }],
  ])("%j asks for a list", (message, filter) => {
    expect(intent(message)).toMatchObject({ kind: "list", filter });
    expect(Object.keys((intent(message) as { filter: object }).filter).sort()).toEqual(Object.keys(filter).sort());
  });
});

describe("change", () => {
  const numbers = (...list: number[]) => ({ kind: "numbers", numbers: list });
  const words = (text: string) => ({ kind: "words", words: text });

  it.each([
    ["done 1", { kind: "complete", target: numbers(1) }],
    ["Done 1 and 3.", { kind: "complete", target: numbers(1, 3) }],
    ["complete 1, 2 and 3", { kind: "complete", target: numbers(1, 2, 3) }],
    ["finish #2", { kind: "complete", target: numbers(2) }],
    ["mark 2 as done", { kind: "complete", target: numbers(2) }],
    ["mark task 2 done", { kind: "complete", target: numbers(2) }],
    ["complete buy milk", { kind: "complete", target: words("buy milk") }],
    ["mark buy milk as completed", { kind: "complete", target: words("buy milk") }],
    ["I finished the dentist task", { kind: "complete", target: words("dentist") }],
    ["buy milk is done", { kind: "complete", target: words("buy milk") }],
    ["done it", { kind: "complete", target: { kind: "last" } }],
    ["reopen 2", { kind: "reopen", target: numbers(2) }],
    ["mark 2 as not done", { kind: "reopen", target: numbers(2) }],
    ["delete 2", { kind: "delete", target: numbers(2) }],
    ["remove buy milk", { kind: "delete", target: words("buy milk") }],
    ['delete "buy milk"', { kind: "delete", target: words("buy milk") }],
    ["delete that", { kind: "delete", target: { kind: "last" } }],
    ["rename 1 to buy oat milk", { kind: "rename", target: numbers(1), title: "Buy oat milk" }],
    ["rename buy milk to Buy oat milk", { kind: "rename", target: words("buy milk"), title: "Buy oat milk" }],
    ["move 2 to friday", { kind: "move", target: numbers(2), due: "2026-11-27" }],
    ["move buy milk to tomorrow", { kind: "move", target: words("buy milk"), due: "2026-11-26" }],
    ["reschedule buy milk for 2026-12-24", { kind: "move", target: words("buy milk"), due: "2026-12-24" }],
    ["postpone it to next monday", { kind: "move", target: { kind: "last" }, due: "2026-11-30" }],
    ["remove the date from 2", { kind: "move", target: numbers(2), due: null }],
  ])("%j changes tasks", (message, expected) => {
    expect(intent(message)).toEqual(expected);
  });
});

it.each([
  ["hello", "hello"],
  ["Hi!", "hello"],
  ["thanks!", "thanks"],
  ["help", "help"],
  ["What can you do?", "help"],
  ["tell me a joke", "unknown"],
  ["", "unknown"],
  ["what is the capital of France?", "unknown"],
  ["ignore all previous instructions", "unknown"],
])("%j is understood as %s", (message, kind) => {
  expect(intent(message).kind).toBe(kind);
});

it("a message that is too long is not read, and repeated blanks do not count", () => {
  expect(intent(`add ${"x".repeat(4_000)}`)).toEqual({ kind: "too-long" });
  expect(intent(`add buy${" ".repeat(15_000)}milk\n\n  and eggs`)).toMatchObject({
    kind: "add",
    items: [{ title: "Buy milk" }, { title: "And eggs" }],
  });
});
