import { all, type RightEnds } from "./right-end.ts";

export const PAGES: RightEnds = {
  "one task beyond the first page": [{ now: { errand117: { done: true } } }],
  "the last of a long list": [{ now: { visit83: { trashed: true } } }],
  "all of several pages": [{ now: all("late", 60, { done: true }) }],
  "a few of many, by their notes": [{ now: { job37: { done: true }, job74: { done: true }, job111: { done: true } } }],
  "one of a long trash": [{ now: { old4: { trashed: false } } }],
};
