import { all, type RightEnds } from "./right-end.ts";

export const GERMAN: RightEnds = {
  "morgen um neun": [
    { added: [{ title: "Zahnarzt", due: "2026-11-27", due_time: "09:00", due_zone: "Europe/Berlin" }] },
  ],
  übermorgen: [{ added: [{ title: "Milch kaufen", due: "2026-11-28" }] }],
  "alles Überfällige auf heute": [{ now: all("late", 3, { due: "2026-11-26" }) }],
  "jeden Montag": [
    {
      added: [
        {
          title: "Wochenplan machen",
          due: "2026-11-30",
          due_time: "09:00",
          due_zone: "Europe/Berlin",
          repeat: "FREQ=WEEKLY",
        },
      ],
    },
  ],
  "das eine, nicht das andere": [{ now: { hair: { trashed: true } } }],
  "nur eine Frage": [{}],
};
