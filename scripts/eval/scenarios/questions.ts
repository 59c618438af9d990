import { untouched } from "../judge/graders.ts";
import type { Scenario, Theme } from "./scenario.ts";

const question = (name: string, ...says: string[]): Scenario => ({
  name,
  play: (on) => ({
    before: {
      late: { title: "Return the drill", due: on.in(-2) },
      today: { title: "Pay the car insurance", due: on.today, priority: 2 },
      plants: { title: "Water the plants", due: on.in(1), due_zone: on.zone, repeat: "FREQ=DAILY" },
      done: { title: "Wash the car", done: true },
      gone: { title: "Sell the car", trashed: true },
    },
    says,
    ends: untouched,
  }),
});

export const QUESTIONS: Theme = {
  name: "questions change nothing",
  scenarios: [
    question("what is due", "What is due today, and what is overdue?"),
    question("what is done", "What have I done so far?", "Thanks, that is all."),
    question("advice", "Which of my tasks could I delete, in your opinion? I want to think about it first."),
    question("only supposed", "If I moved everything to Friday, what would Friday look like? Don't change anything."),
    question("a date that was meant", "Did I want to water the plants tomorrow or in a week?"),
  ],
};
