import { exactly } from "../judge/graders.ts";
import type { Theme } from "./scenario.ts";

export const DATES: Theme = {
  name: "dates across zones",
  scenarios: [
    {
      name: "tomorrow where the day began first",
      zone: "Pacific/Kiritimati",
      play: (on) => ({
        says: ["Remind me to water the plants tomorrow"],
        ends: exactly({ added: [{ title: /water.*plants/i, due: on.in(1) }] }),
      }),
    },
    {
      name: "today where the day begins last",
      zone: "Pacific/Pago_Pago",
      play: (on) => ({
        says: ["I have to call the bank today"],
        ends: exactly({ added: [{ title: /call.*bank/i, due: on.today }] }),
      }),
    },
    {
      name: "in three weeks",
      zone: "Australia/Sydney",
      play: (on) => ({
        says: ["Put “renew my passport” on my list for three weeks from today."],
        ends: exactly({ added: [{ title: /renew.*passport/i, due: on.in(21) }] }),
      }),
    },
    {
      name: "a weekday",
      play: (on) => ({
        says: ["Add “pick up the suit” for Friday"],
        ends: exactly({ added: [{ title: /pick up.*suit/i, due: on.weekday("friday") }] }),
      }),
    },
    {
      name: "an existing task to a weekday",
      zone: "America/Los_Angeles",
      play: (on) => ({
        before: { lunch: { title: "Team lunch", due: on.in(30) }, review: { title: "Team review", due: on.in(31) } },
        says: ["Move the team lunch to Monday"],
        ends: exactly({ changed: { lunch: { due: on.weekday("monday") } } }),
      }),
    },
    {
      name: "the last day of the month",
      zone: "America/New_York",
      play: (on) => ({
        says: ["Add “hand in the tax form”, due on the last day of this month"],
        ends: exactly({ added: [{ title: /tax form/i, due: on.endOfMonth() }] }),
      }),
    },
    {
      name: "a date without a year",
      zone: "Pacific/Honolulu",
      play: (on) => ({
        says: ["Add buy a present for Lea on 3 March"],
        ends: exactly({ added: [{ title: /present.*lea/i, due: on.date(3, 3) }] }),
      }),
    },
    {
      name: "a day that does not exist, then another",
      zone: "Europe/London",
      play: (on) => ({
        says: ["Add pay the deposit on 31 February", "Sorry, I meant 1 March"],
        ends: exactly({ added: [{ title: /pay.*deposit/i, due: on.date(3, 1) }] }),
      }),
    },
    {
      name: "overdue does not include today",
      zone: "Asia/Kathmandu",
      play: (on) => ({
        before: {
          late: { title: "Answer Priya", due: on.in(-1) },
          today: { title: "Order tea", due: on.today },
          open: { title: "Learn to juggle" },
        },
        says: ["Move what is overdue to tomorrow"],
        ends: exactly({ changed: { late: { due: on.in(1) } } }),
      }),
    },
  ],
};
