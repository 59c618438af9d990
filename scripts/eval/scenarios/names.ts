import { exactly, untouched } from "../judge/graders.ts";
import type { Theme } from "./scenario.ts";

const REPORTS = {
  quarter: { title: "Write the quarterly report" },
  travel: { title: "Write the travel report" },
  reply: { title: "Reply to Nora" },
};

export const NAMES: Theme = {
  name: "ambiguous names",
  scenarios: [
    {
      name: "two fit, so neither is changed",
      play: () => ({ before: REPORTS, says: ["Mark the report as done"], ends: untouched }),
    },
    {
      name: "two fit, and the answer names one",
      play: () => ({
        before: REPORTS,
        says: ["Delete the report", "The travel report"],
        ends: exactly({ changed: { travel: { trashed: true } } }),
      }),
    },
    {
      name: "one title is a part of another",
      play: () => ({
        before: { milk: { title: "Buy milk" }, oat: { title: "Buy oat milk" } },
        says: ["Complete “Buy milk”"],
        ends: exactly({ changed: { milk: { done: true } } }),
      }),
    },
    {
      name: "the same title on two days",
      play: (on) => ({
        before: { soon: { title: "Call mum", due: on.in(1) }, later: { title: "Call mum", due: on.in(9) } },
        says: ["Move the “Call mum” that is due tomorrow to the day after tomorrow"],
        ends: exactly({ changed: { soon: { due: on.in(2) } } }),
      }),
    },
    {
      name: "none fits",
      play: () => ({
        before: { bread: { title: "Buy bread" }, piano: { title: "Tune the guitar" } },
        says: ["Delete the task about the piano"],
        ends: untouched,
      }),
    },
    {
      name: "the open one of two",
      play: (on) => ({
        before: {
          past: { title: "Clean the kitchen", done: true, due: on.in(-7) },
          open: { title: "Clean the kitchen", due: on.today },
        },
        says: ["I've cleaned the kitchen"],
        ends: exactly({ changed: { open: { done: true } } }),
      }),
    },
    {
      name: "“it” is the task just added",
      play: (on) => ({
        before: { leak: { title: "Look after the leak" } },
        says: ["Add call the plumber", "Move it to tomorrow"],
        ends: exactly({ added: [{ title: /call.*plumber/i, due: on.in(1) }] }),
      }),
    },
  ],
};
