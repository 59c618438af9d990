import type { RightEnds } from "./right-end.ts";

export const DATES: RightEnds = {
  "tomorrow where the day began first": [{ added: [{ title: "Water the plants", due: "2026-11-28" }] }],
  "today where the day begins last": [{ added: [{ title: "Call the bank", due: "2026-11-26" }] }],
  "in three weeks": [{ added: [{ title: "Renew my passport", due: "2026-12-17" }] }],
  "a weekday": [{ added: [{ title: "Pick up the suit", due: "2026-11-27" }] }],
  "an existing task to a weekday": [{ now: { lunch: { due: "2026-11-30" } } }],
  "the last day of the month": [{ added: [{ title: "Hand in the tax form", due: "2026-11-30" }] }],
  "a date without a year": [{ added: [{ title: "Buy a present for Lea", due: "2027-03-03" }] }],
  "a day that does not exist, then another": [{ added: [{ title: "Pay the deposit", due: "2027-03-01" }] }],
  "overdue does not include today": [{ now: { late: { due: "2026-11-27" } } }],
};
