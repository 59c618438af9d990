import type { RightEnds } from "./right-end.ts";

export const TIMES: RightEnds = {
  "a time in the afternoon": [
    { added: [{ title: "Call Tom", due: "2026-11-27", due_time: "17:00" }] },
    { added: [{ title: "Call Tom", due: "2026-11-27", due_time: "17:00", due_zone: "Europe/Berlin" }] },
  ],
  "every weekday at a time": ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=DAILY;BYDAY=FR,MO,TU,WE,TH"].map((repeat) => ({
    added: [{ title: "Standup", due: "2026-11-30", due_time: "09:00", due_zone: "America/Chicago", repeat }],
  })),
  "monthly on a day": ["FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;INTERVAL=1"].map((repeat) => ({
    added: [{ title: "Pay the rent", due: "2026-12-01", due_zone: "Europe/Berlin", repeat }],
  })),
  "counted from completion": [
    {
      added: [
        {
          title: "Change the air filter",
          due: "2026-11-27",
          due_zone: "Europe/Berlin",
          repeat: "FREQ=DAILY;INTERVAL=90",
          repeat_from: "completion",
        },
      ],
    },
  ],
  "the highest priority": [{ now: { mail: { priority: 1 } } }],
  "one occurrence is done": [
    {
      now: { plants: { done: true } },
      added: [{ title: "Water the plants", due: "2026-11-27", due_zone: "Europe/Berlin", repeat: "FREQ=DAILY" }],
    },
  ],
  "no longer repeated": [{ now: { standup: { repeat: null } } }],
  "a time of another zone": [
    { added: [{ title: "Call the Tokyo office", due: "2026-11-27", due_time: "15:00", due_zone: "Asia/Tokyo" }] },
    { added: [{ title: "Call the Tokyo office", due: "2026-11-27", due_time: "11:30", due_zone: "Asia/Kolkata" }] },
  ],
};
