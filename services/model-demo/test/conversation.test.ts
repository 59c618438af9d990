import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConversation, type Running, start } from "./harness.ts";

let running: Running;
beforeAll(async () => {
  running = await start();
});
afterAll(() => running.listener.stop());

const talk = (options?: Parameters<typeof createConversation>[1]) => createConversation(running.client, options);

describe("a conversation with the demo model", () => {
  it("the model hands on times, repetitions and priorities, in the user's zone", async () => {
    const { say } = talk({ today: "2026-11-25 (Wednesday)" });
    expect(await say("add standup every weekday at 9am p2")).toEqual({
      answer: "Added “Standup” for today at 09:00, and it repeats.",
      calls: [
        {
          name: "add_task",
          arguments: {
            title: "Standup",
            due: "2026-11-25",
            due_time: "09:00",
            due_zone: "Europe/Berlin",
            repeat: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            repeat_from: "due",
            priority: 2,
          },
        },
      ],
    });
  });

  it("the model puts tasks into projects and tags them, keeping the tags that they have", async () => {
    const { say, tasks } = talk();
    expect(await say("add write report tomorrow in project Big Plan, tagged urgent and calls")).toEqual({
      answer: "Added “Write report” in project “Big Plan” with the tags “urgent” and “calls” for tomorrow.",
      calls: [
        {
          name: "add_task",
          arguments: { title: "Write report", due: "2026-11-26", project: "Big Plan", tags: ["urgent", "calls"] },
        },
      ],
    });
    await say("add mow the lawn #garden");
    expect((await say("tag it weekend")).calls).toEqual([
      { name: "update_task", arguments: { task_id: "t_000000000002", tags: ["garden", "weekend"] } },
    ]);
    expect((await say("move mow the lawn to project Home")).answer).toBe("“Mow the lawn” is now in project “Home”.");
    expect((await say("what's open in project Home?")).answer).toBe("You have 1 task in “Home”:\n\n1. Mow the lawn");
    expect((await say("remove the tag garden from 1")).answer).toBe("“Mow the lawn” has the tag “weekend” now.");
    expect((await say("show tasks tagged weekend")).calls).toEqual([
      { name: "list_tasks", arguments: { status: "open", tag: "weekend" } },
    ]);
    await say("take 1 out of its project");
    expect(tasks.map(({ project, tags }) => [project, tags])).toEqual([
      ["Big Plan", ["urgent", "calls"]],
      [null, ["weekend"]],
    ]);
  });

  it("the model adds, lists, completes by number and deletes by title", async () => {
    const { say, tasks } = talk();
    expect(await say("add buy milk tomorrow")).toEqual({
      answer: "Added “Buy milk” for tomorrow.",
      calls: [{ name: "add_task", arguments: { title: "Buy milk", due: "2026-11-26" } }],
    });
    expect((await say("add call mum on friday and pay the rent")).answer).toBe(
      "Added 2 tasks: “Call mum” for Friday, 27 November and “Pay the rent”.",
    );
    expect((await say("what's open?")).answer).toBe(
      "You have 3 open tasks:\n\n1. Buy milk (Tomorrow)\n2. Call mum (Friday, 27 November)\n3. Pay the rent",
    );
    expect(await say("done 2")).toEqual({
      answer: "Done: “Call mum”.",
      calls: [{ name: "complete_task", arguments: { task_ids: ["t_000000000002"] } }],
    });
    expect(await say("delete pay the rent")).toEqual({
      answer: "Moved “Pay the rent” to the trash.",
      calls: [
        { name: "list_tasks", arguments: { query: "pay the rent", status: "all" } },
        { name: "delete_task", arguments: { task_ids: ["t_000000000003"] } },
      ],
    });
    expect(tasks.map(({ title, done, deleted }) => ({ title, done, deleted }))).toEqual([
      { title: "Buy milk", done: false, deleted: false },
      { title: "Call mum", done: true, deleted: false },
      { title: "Pay the rent", done: false, deleted: true },
    ]);
  });

  it("numbers refer to the list that was shown last, even after other calls", async () => {
    const { say, tasks } = talk();
    await say("add:\n- a1\n- b2\n- c3");
    await say("list");
    await say("done 1");
    await say("complete b2");
    await say("done 3");
    expect(tasks.map((task) => task.done)).toEqual([true, true, true]);
  });

  it("a number before any list refers to the open tasks", async () => {
    const { say, tasks } = talk();
    await say("add buy milk");
    expect((await say("done 1")).calls.map((call) => call.name)).toEqual(["list_tasks", "complete_task"]);
    expect(tasks[0]!.done).toBe(true);
    expect((await say("done 4")).answer).toBe("There is no number 4: the list is empty.");
  });

  it("the model says that no task or several tasks match, and then accepts a number", async () => {
    const { say, tasks } = talk();
    await say("add buy milk; buy oat milk");
    expect((await say("complete eggs")).answer).toBe("I found no open task that matches “eggs”.");
    const unclear = await say("complete milk");
    expect(unclear.answer).toContain("2 tasks match “milk”:\n\n1. Buy milk\n2. Buy oat milk");
    expect(unclear.calls).toHaveLength(1);
    expect(tasks.some((task) => task.done)).toBe(false);
    await say("done 2");
    expect(tasks.map((task) => task.done)).toEqual([false, true]);
    await say("reopen buy oat milk");
    expect(tasks.map((task) => task.done)).toEqual([false, false]);
    await say("complete buy milk");
    expect(tasks.map((task) => task.done)).toEqual([true, false]);
  });

  it("the model renames and moves a task, including the one mentioned last", async () => {
    const { say, tasks } = talk();
    await say("add buy milk");
    expect((await say("rename buy milk to Buy oat milk")).answer).toBe("Renamed to “Buy oat milk”.");
    expect((await say("move it to next monday")).answer).toBe("“Buy oat milk” is now due on Monday, 30 November.");
    expect(tasks[0]).toMatchObject({ title: "Buy oat milk", due: "2026-11-30" });
    expect((await say("remove the date from buy oat milk")).answer).toBe("“Buy oat milk” has no due date any more.");
    expect(tasks[0]).toMatchObject({ due: null });
  });

  it("the model lists what is due, overdue or done", async () => {
    const { say } = talk();
    await say("add taxes on 2026-11-20");
    await say("add dentist today");
    expect((await say("what is due today?")).answer).toBe("You have 1 task due today:\n\n1. Dentist (Today)");
    expect((await say("overdue?")).answer).toBe("You have 1 overdue task:\n\n1. Taxes (Friday, 20 November, overdue)");
    expect((await say("what is due tomorrow?")).answer).toBe("You have no tasks due tomorrow.");
    expect((await say("show done tasks")).answer).toBe("You have no done tasks.");
  });

  it("the answer passes on the error of a tool", async () => {
    const { say, tasks } = talk();
    expect((await say(`add ${"x".repeat(501)}`)).answer).toBe(
      "That did not work: title has 501 characters, 500 are possible",
    );
    expect(tasks).toEqual([]);
  });

  it.each(["add party 31 feb", "party on 31 February", "move it to 31 feb"])(
    "the model asks for another day when %j names one that does not exist",
    async (text) => {
      const { say, tasks } = talk();
      await say("add dinner");
      const { answer, calls } = await say(text);
      expect(answer).toBe("31 February does not exist. Which day?");
      expect(calls).toEqual([]);
      expect(tasks).toHaveLength(1);
    },
  );

  it("the model calls one tool at a time when the request says so", async () => {
    const { say, tasks } = talk({ parallel: false });
    expect((await say("add buy milk and call mum")).answer).toBe("Added 2 tasks: “Buy milk” and “Call mum”.");
    expect(tasks).toHaveLength(2);
  });

  it("relative dates count from the user's date", async () => {
    const { say } = talk({ today: "2027-12-31 (Friday)" });
    expect((await say("add party tomorrow")).calls[0]!.arguments.due).toBe("2028-01-01");
  });

  it.each(["hello", "help", "sing me a song"])(
    "the model answers %j without tools and says that it is the demo model",
    async (text) => {
      const { answer, calls } = await talk().say(text);
      expect(answer).toContain("demo model");
      expect(calls).toEqual([]);
    },
  );
});

it("the model calls only tools that the request offers", async () => {
  for (const rest of [{}, { tools: [] }]) {
    const completion = await running.client.chat.completions.create({
      model: "demo",
      messages: [{ role: "user", content: "add buy milk" }],
      ...rest,
    });
    expect(completion.choices[0]!.message.tool_calls).toBeUndefined();
    expect(completion.choices[0]!.message.content).toBe(
      "I can't do that here: the tool add_task is not offered to me.",
    );
  }
});
