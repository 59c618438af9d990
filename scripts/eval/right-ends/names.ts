import type { RightEnds } from "./right-end.ts";

export const NAMES: RightEnds = {
  "two fit, so neither is changed": [{}],
  "two fit, and the answer names one": [{ now: { travel: { trashed: true } } }],
  "one title is a part of another": [{ now: { milk: { done: true } } }],
  "the same title on two days": [{ now: { soon: { due: "2026-11-28" } } }],
  "none fits": [{}],
  "the open one of two": [{ now: { open: { done: true } } }],
  "“it” is the task just added": [{ added: [{ title: "Call the plumber", due: "2026-11-27" }] }],
};
