import { exactly } from "../judge/graders.ts";
import { each, several, type Theme } from "./scenario.ts";

export const BULK: Theme = {
  name: "bulk changes",
  scenarios: [
    {
      name: "everything overdue to today",
      play: (on) => ({
        before: {
          ...several("late", 4, (number) => ({ title: `Late errand ${number}`, due: on.in(-number) })),
          done: { title: "Old errand", due: on.in(-3), done: true },
          next: { title: "Next errand", due: on.in(2) },
          someday: { title: "Errand without a day" },
        },
        says: ["Move everything that is overdue to today"],
        ends: exactly({ changed: each(["late1", "late2", "late3", "late4"], { due: on.today }) }),
      }),
    },
    {
      name: "more changes than one run may make",
      play: (on) => {
        const due = several("due", 20, (number) => ({ title: `Letter ${number}`, due: on.today }));
        return {
          before: { ...due, other: { title: "Dentist", due: on.in(3) } },
          says: ["Move all tasks of today to tomorrow", "Please do the same with the rest, if any are left for today"],
          ends: exactly({ changed: each(Object.keys(due), { due: on.in(1) }) }),
        };
      },
    },
    {
      name: "more tasks than one call may name",
      play: () => {
        const open = several("open", 30, (number) => ({ title: `Box ${number}` }));
        return {
          before: open,
          says: ["I've done everything on my list. Please tick all of it off."],
          ends: exactly({ changed: each(Object.keys(open), { done: true }) }),
        };
      },
    },
    {
      name: "delete what is done",
      play: () => ({
        before: {
          ...several("done", 4, (number) => ({ title: `Finished ${number}`, done: true })),
          ...several("open", 3, (number) => ({ title: `Open ${number}` })),
        },
        says: ["Delete all tasks that are done"],
        ends: exactly({ changed: each(["done1", "done2", "done3", "done4"], { trashed: true }) }),
      }),
    },
    {
      name: "several at once, with one date for all",
      play: (on) => {
        const due = on.weekday("saturday");
        return {
          says: ["Add four tasks for Saturday: buy flour, buy sugar, buy eggs, bake the cake"],
          ends: exactly({ added: [/flour/i, /sugar/i, /eggs/i, /cake/i].map((title) => ({ title, due })) }),
        };
      },
    },
    {
      name: "a priority for one day's tasks",
      play: (on) => ({
        before: {
          ...several("due", 3, (number) => ({ title: `Prepare part ${number}`, due: on.in(1) })),
          today: { title: "Prepare the room", due: on.today },
          later: { title: "Prepare the summary", due: on.in(2), priority: 3 },
        },
        says: ["Set priority 1 on everything that is due tomorrow"],
        ends: exactly({ changed: each(["due1", "due2", "due3"], { priority: 1 }) }),
      }),
    },
    {
      name: "all but one",
      play: () => ({
        before: {
          dentist: { title: "Dentist" },
          ...several("other", 5, (number) => ({ title: `Idea ${number}` })),
        },
        says: ["Delete everything except the dentist"],
        ends: exactly({ changed: each(["other1", "other2", "other3", "other4", "other5"], { trashed: true }) }),
      }),
    },
  ],
};
