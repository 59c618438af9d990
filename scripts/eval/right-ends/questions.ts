import type { RightEnds } from "./right-end.ts";

export const QUESTIONS: RightEnds = {
  "what is due": [{}],
  "what is done": [{}],
  advice: [{}],
  "only supposed": [{}],
  "a date that was meant": [{}],
};
