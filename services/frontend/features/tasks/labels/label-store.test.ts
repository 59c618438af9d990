import type { Project, Tag, Task } from "@taskassistant/contracts";
import { expect, test, vi } from "vitest";
import { createStore } from "../../../lib/store.ts";
import { taskFixture } from "../task-fixture.ts";
import { createLabelStore } from "./label-store.ts";

const work: Project = {
  id: "p_000000000001",
  name: "Work",
  color: "blue",
  open: 1,
  archived: false,
  created_at: "2026-11-22T08:00:00.000Z",
};

const calls: Tag = { id: "g_000000000001", name: "calls", color: "blue", open: 1, created_at: work.created_at };

function setUp(projects = vi.fn(async (): Promise<Project[]> => [work])) {
  const tasks = createStore<{ tasks: readonly Task[] }>({ tasks: [] });
  const labels = createLabelStore({ api: { projects, tags: async () => [calls] }, userId: "ann", tasks });
  return { tasks, labels, projects };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

test("projects are loaded at first, and again only when the tasks name others or as many others", async () => {
  const { tasks, labels, projects } = setUp();
  const end = labels.follow();
  await settle();
  expect([labels.getSnapshot().projects, projects.mock.calls.length]).toEqual([[work], 1]);
  const changes: [Task[], number][] = [
    [[taskFixture()], 1],
    [[taskFixture({ project: "Work" })], 2],
    [[taskFixture({ project: "Work", title: "Other" })], 2],
    [[taskFixture({ project: "Work", tags: ["calls"] })], 3],
    [[taskFixture({ project: "Work", tags: ["calls"] }), taskFixture({ id: "draft-1", project: "New" })], 3],
    [[taskFixture({ project: "Work", tags: ["calls"], done: true })], 4],
  ];
  for (const [now, times] of changes) {
    tasks.publish({ tasks: now });
    await settle();
    expect(projects).toHaveBeenCalledTimes(times);
  }
  end();
  tasks.publish({ tasks: [taskFixture({ project: "Home" })] });
  expect(projects).toHaveBeenCalledTimes(4);
});

test("a name that was shown before the server knew it is loaded once the server does", async () => {
  const { tasks, labels, projects } = setUp();
  labels.follow();
  await settle();
  const home: Project = { ...work, id: "p_000000000002", name: "Home" };
  tasks.publish({ tasks: [taskFixture({ project: "Home" })] });
  await settle();
  projects.mockResolvedValue([work, home]);
  tasks.publish({ tasks: [taskFixture({ project: "Home", version: 2 })] });
  await settle();
  expect(labels.getSnapshot().projects).toEqual([work, home]);
  tasks.publish({ tasks: [taskFixture({ project: "home", version: 3 })] });
  await settle();
  const known = projects.mock.calls.length;
  tasks.publish({ tasks: [taskFixture({ project: "home", version: 4 })] });
  await settle();
  expect(projects).toHaveBeenCalledTimes(known);
});

test("so is a name that the server learns while the answer from before is on its way", async () => {
  const { tasks, labels, projects } = setUp();
  labels.follow();
  await settle();
  const late = Promise.withResolvers<Project[]>();
  projects.mockReturnValueOnce(late.promise);
  tasks.publish({ tasks: [taskFixture({ project: "Home" })] });
  tasks.publish({ tasks: [taskFixture({ project: "Home", version: 2 })] });
  late.resolve([work]);
  await settle();
  await settle();
  expect(projects).toHaveBeenCalledTimes(3);
});

test("what can't be loaded stays as it was, and the next change tries again", async () => {
  const { tasks, labels, projects } = setUp();
  labels.follow();
  await settle();
  projects.mockRejectedValueOnce(new Error("offline"));
  tasks.publish({ tasks: [taskFixture({ project: "Home" })] });
  await settle();
  expect(labels.getSnapshot().projects).toEqual([work]);
  tasks.publish({ tasks: [taskFixture({ project: "Home", title: "again" })] });
  await settle();
  expect(projects).toHaveBeenCalledTimes(3);
});
