import { exactly } from "../judge/graders.ts";
import { each, several, type Theme } from "./scenario.ts";

const padded = (number: number) => String(number).padStart(3, "0");

export const PAGES: Theme = {
  name: "lists over several pages",
  scenarios: [
    {
      name: "one task beyond the first page",
      play: () => ({
        before: several("errand", 120, (number) => ({ title: `Errand ${padded(number)}` })),
        says: ["Complete errand 117"],
        ends: exactly({ changed: { errand117: { done: true } } }),
      }),
    },
    {
      name: "the last of a long list",
      play: (on) => ({
        before: several("visit", 126, (number) => ({
          title: `Visit customer ${padded(number)}`,
          due: on.in(number === 83 ? 200 : (number * 47) % 127),
        })),
        says: ["Which of my open tasks is due last? Delete that one."],
        ends: exactly({ changed: { visit83: { trashed: true } } }),
      }),
    },
    {
      name: "all of several pages",
      play: (on) => {
        const late = several("late", 60, (number) => ({ title: `Late ${padded(number)}`, due: on.in(-number) }));
        return {
          before: { ...late, ...several("next", 60, (number) => ({ title: `Next ${number}`, due: on.in(number) })) },
          says: ["Complete everything that is overdue", "Please go on if any overdue task is left"],
          ends: exactly({ changed: each(Object.keys(late), { done: true }) }),
        };
      },
    },
    {
      name: "a few of many, by their notes",
      play: () => {
        const notes = (number: number) => (number % 37 === 0 ? { notes: "For the garden" } : {});
        return {
          before: several("job", 115, (number) => ({ title: `Job ${padded(number)}`, ...notes(number) })),
          says: ["Everything about the garden is done"],
          ends: exactly({ changed: each(["job37", "job74", "job111"], { done: true }) }),
        };
      },
    },
    {
      name: "one of a long trash",
      play: () => ({
        before: {
          open: { title: "Plan 004" },
          ...several("old", 70, (number) => ({ title: `Old plan ${padded(number)}`, trashed: true })),
        },
        says: ["Take “Old plan 004” out of the trash"],
        ends: exactly({ changed: { old4: { trashed: false } } }),
      }),
    },
  ],
};
