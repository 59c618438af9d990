import { all, type RightEnds } from "./right-end.ts";

export const BULK: RightEnds = {
  "everything overdue to today": [{ now: all("late", 4, { due: "2026-11-26" }) }],
  "more changes than one run may make": [{ now: all("due", 20, { due: "2026-11-27" }) }],
  "more tasks than one call may name": [{ now: all("open", 30, { done: true }) }],
  "delete what is done": [{ now: all("done", 4, { trashed: true }) }],
  "several at once, with one date for all": [
    {
      added: ["Buy flour", "Buy sugar", "Buy eggs", "Bake the cake"].map((title) => ({ title, due: "2026-11-28" })),
    },
  ],
  "a priority for one day's tasks": [{ now: all("due", 3, { priority: 1 }) }],
  "all but one": [{ now: all("other", 5, { trashed: true }) }],
};
