import type { RightEnds } from "./right-end.ts";

export const TRASH: RightEnds = {
  "a deletion taken back": [{}],
  "one of the trash restored": [{ now: { dentist: { trashed: false } } }],
  "a completion taken back": [{}],
  "what was deleted just now stays in an emptied trash": [{}],
  "an addition taken back": [{}, { added: [{ title: "Buy stamps", due: "2026-11-27", trashed: true }] }],
  "a move taken back": [{}],
};
