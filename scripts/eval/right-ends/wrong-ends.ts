import { addDays } from "@taskassistant/dates";
import { type EndState, type JudgedTask, judged } from "../judge/end-state.ts";

/** An end state that is wrong, and in which way. */
export interface WrongEnd {
  readonly how: string;
  readonly end: EndState;
}

type Fault = readonly [how: string, (task: JudgedTask) => JudgedTask];

const FAULTS: readonly Fault[] = [
  ["has no title", (task) => ({ ...task, title: "" })],
  ["is done or not the other way round", (task) => ({ ...task, done: !task.done })],
  ["is in the trash or not the other way round", (task) => ({ ...task, trashed: !task.trashed })],
  ["is due on another day", (task) => ({ ...task, due: addDays(task.due ?? "2026-11-26", 40) })],
  ["has another time", (task) => ({ ...task, due_time: task.due_time === "03:33" ? null : "03:33" })],
  ["repeats otherwise", (task) => ({ ...task, repeat: task.repeat === null ? "FREQ=YEARLY" : null })],
  ["has another priority", (task) => ({ ...task, priority: task.priority === 3 ? 4 : 3 })],
];

/** Of how many tasks that were changed, and of how many others, the faults are made. */
const TASKS_MAX = 6;

/** A right end with one fault each: of a task from before, of a task that was added, and a task too many. */
export function wrongEnds(right: EndState): WrongEnd[] {
  const visible = right.added.filter(({ trashed }) => !trashed);
  return [
    { how: "a task too many", end: { ...right, added: [...right.added, judged({ title: "Something else" })] } },
    ...tasksOf(right).flatMap(([name, task]) => {
      const { [name]: _, ...others } = right.now;
      const faulty = FAULTS.map(([how, fault]) => ({
        how: `${name} ${how}`,
        end: { ...right, now: { ...others, [name]: fault(task) } },
      }));
      return [{ how: `${name} is gone for good`, end: { ...right, now: others } }, ...faulty];
    }),
    ...visible.flatMap((task) => {
      const others = right.added.filter((one) => one !== task);
      const faulty = FAULTS.map(([how, fault]) => ({
        how: `“${task.title}” ${how}`,
        end: { ...right, added: [...others, fault(task)] },
      }));
      return [{ how: `“${task.title}” was not added`, end: { ...right, added: others } }, ...faulty];
    }),
  ];
}

function tasksOf({ before, now }: EndState): [string, JudgedTask][] {
  const tasks = Object.entries(now);
  const isChanged = ([name, task]: [string, JudgedTask]) => JSON.stringify(task) !== JSON.stringify(before[name]);
  return [...spread(tasks.filter(isChanged)), ...spread(tasks.filter((task) => !isChanged(task)))];
}

function spread<Value>(values: readonly Value[]): Value[] {
  const step = Math.ceil(values.length / TASKS_MAX);
  return values.filter((_, index) => index % step === 0);
}
