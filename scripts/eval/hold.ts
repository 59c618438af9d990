import { randomUUID } from "node:crypto";
import { type Tasks, tasksFor } from "@taskassistant/tasks";
import { say } from "../../services/api/test/harness/client.ts";
import type { Harness } from "../../services/api/test/harness/harness.ts";
import { calendarOf } from "./judge/calendar.ts";
import { type EndState, type JudgedTask, judged, type WrittenTask } from "./judge/end-state.ts";
import type { Outcome } from "./outcome.ts";
import { DEFAULT_ZONE, type Scenario } from "./scenarios/index.ts";

const PAGE = 100;

/** Holds one conversation as a person of its own, and judges the tasks that the database has afterwards. */
export async function hold(h: Harness, scenario: Scenario): Promise<Outcome> {
  const zone = scenario.zone ?? DEFAULT_ZONE;
  const person = await h.user(scenario.name);
  const tasks = tasksFor(h.db, person.id);
  const { before = {}, says, ends } = scenario.play(calendarOf(new Date(), zone));
  const ids = new Map<string, string>();
  for (const [name, task] of Object.entries(before)) ids.set(await write(tasks, task), name);
  const start = await stateOf(tasks, ids);

  const conversationId = randomUUID();
  const began = performance.now();
  const count = { modelCalls: 0, toolCalls: 0 };
  let failure: string | undefined;
  for (const message of says) {
    const { id, sid } = person;
    // A long conversation outlives a token.
    const speaker = { id, sid, token: h.issuer.sign("api", { sub: id, sid }) };
    const answer = await say(h, speaker, message, { conversationId, timeZone: zone });
    for (const { type } of answer.chunks) {
      if (type === "start-step") count.modelCalls += 1;
      if (type === "tool-input-available") count.toolCalls += 1;
    }
    const { status, error } = answer.message.metadata ?? {};
    if (status === "failed") failure = error ?? answer.errors[0] ?? "the answer failed";
    if (failure !== undefined) break;
  }
  const seconds = (performance.now() - began) / 1000;

  const { known: now, added } = await stateOf(tasks, ids);
  const end: EndState = { zone, before: start.known, now, added };
  // Past midnight both days are right.
  const why = ends(end) && scenario.play(calendarOf(new Date(), zone)).ends(end);
  const measured = { name: scenario.name, seconds, ...count };
  if (failure !== undefined) return { ...measured, verdict: "failed", why: failure };
  return why === undefined ? { ...measured, verdict: "right" } : { ...measured, verdict: "wrong", why };
}

/** Returns the id of the task. */
async function write(tasks: Tasks, { done = false, trashed = false, ...fields }: WrittenTask): Promise<string> {
  const { id } = await tasks.add(fields);
  if (done) await tasks.update(id, { done });
  if (trashed) await tasks.delete([id]);
  return id;
}

/** All tasks of a person, the trash included: those with a name, and the others. */
async function stateOf(
  tasks: Tasks,
  names: ReadonlyMap<string, string>,
): Promise<{ known: Record<string, JudgedTask>; added: JudgedTask[] }> {
  const listed = await everyPage((cursor) => tasks.list({ status: "all", limit: PAGE, ...cursor }));
  const trashed = await everyPage((cursor) => tasks.listTrash({ limit: PAGE, ...cursor }));
  const known: Record<string, JudgedTask> = {};
  const added: JudgedTask[] = [];
  for (const task of [...listed, ...trashed]) {
    const one = judged({ ...task, trashed: "deleted_at" in task });
    const name = names.get(task.id);
    if (name === undefined) added.push(one);
    else known[name] = one;
  }
  return { known, added };
}

async function everyPage<Task>(
  read: (cursor: { cursor?: string }) => Promise<{ tasks: readonly Task[]; next_cursor: string | null }>,
): Promise<Task[]> {
  const all: Task[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await read(cursor === undefined ? {} : { cursor });
    all.push(...page.tasks);
    cursor = page.next_cursor;
  }
  return all;
}
