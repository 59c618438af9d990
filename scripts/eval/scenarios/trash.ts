import { exactly, untouched } from "../judge/graders.ts";
import type { Theme } from "./scenario.ts";

export const TRASH: Theme = {
  name: "trash and undo",
  scenarios: [
    {
      name: "a deletion taken back",
      play: (on) => ({
        before: { milk: { title: "Buy milk", due: on.in(2), notes: "Two bottles" }, bread: { title: "Buy bread" } },
        says: ["Delete “Buy milk”", "No, undo that, please"],
        ends: untouched,
      }),
    },
    {
      name: "one of the trash restored",
      play: () => ({
        before: {
          dentist: { title: "Dentist", trashed: true },
          gym: { title: "Cancel the gym", trashed: true },
          bank: { title: "Go to the bank" },
        },
        says: ["I deleted the dentist by mistake. Take it out of the trash."],
        ends: exactly({ changed: { dentist: { trashed: false } } }),
      }),
    },
    {
      name: "a completion taken back",
      play: (on) => ({
        before: {
          rent: { title: "Pay the rent", due: on.today, priority: 1 },
          tax: { title: "Pay taxes", done: true },
        },
        says: ["Complete “Pay the rent”", "Sorry, I have not paid it yet. Open it again."],
        ends: untouched,
      }),
    },
    {
      name: "what was deleted just now stays in an emptied trash",
      play: () => ({
        before: { draft: { title: "Old draft", trashed: true }, keep: { title: "New draft" } },
        says: ["Empty the trash"],
        ends: untouched,
      }),
    },
    {
      name: "an addition taken back",
      play: () => ({
        before: { stamps: { title: "Sort the stamps" } },
        says: ["Add buy stamps for tomorrow", "I have some, so delete it again"],
        ends: untouched,
      }),
    },
    {
      name: "a move taken back",
      play: (on) => ({
        before: { gym: { title: "Gym", due: on.in(4), due_time: "18:30", due_zone: on.zone } },
        says: ["Move the gym to tomorrow", "No, put it back to the day it was on before"],
        ends: untouched,
      }),
    },
  ],
};
