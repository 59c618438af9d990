import { either, exactly } from "../judge/graders.ts";
import type { Theme } from "./scenario.ts";

export const TIMES: Theme = {
  name: "times, repetition, priority",
  scenarios: [
    {
      name: "a time in the afternoon",
      play: (on) => ({
        says: ["Add call Tom tomorrow at 5 pm"],
        ends: exactly({ added: [{ title: /call tom/i, due: on.in(1), due_time: "17:00" }] }),
      }),
    },
    {
      name: "every weekday at a time",
      zone: "America/Chicago",
      play: (on) => ({
        says: ["Add “standup” on every weekday from Monday to Friday at 9 am. The first one is on Monday."],
        ends: exactly({
          added: [
            {
              title: /standup/i,
              due: on.weekday("monday"),
              due_time: "09:00",
              repeat: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            },
          ],
        }),
      }),
    },
    {
      name: "monthly on a day",
      play: (on) => ({
        says: ["Add “pay the rent” on the 1st of every month"],
        ends: exactly({ added: [{ title: /pay.*rent/i, due: on.dayOfMonth(1), repeat: "FREQ=MONTHLY" }] }),
      }),
    },
    {
      name: "counted from completion",
      play: (on) => ({
        says: [
          "Add “change the air filter” for tomorrow. It comes back 90 days after I have done it, whenever that is.",
        ],
        ends: exactly({
          added: [
            {
              title: /change.*filter/i,
              due: on.in(1),
              repeat: "FREQ=DAILY;INTERVAL=90",
              repeat_from: "completion",
            },
          ],
        }),
      }),
    },
    {
      name: "the highest priority",
      play: () => ({
        before: { mail: { title: "Email Bob" }, slides: { title: "Email the slides", priority: 2 } },
        says: ["Give “Email Bob” the highest priority"],
        ends: exactly({ changed: { mail: { priority: 1 } } }),
      }),
    },
    {
      name: "one occurrence is done",
      play: (on) => ({
        before: {
          plants: { title: "Water the plants", due: on.today, due_zone: on.zone, repeat: "FREQ=DAILY" },
          garden: { title: "Water the garden", due: on.today, due_zone: on.zone, repeat: "FREQ=DAILY" },
        },
        says: ["I've watered the plants"],
        ends: exactly({
          changed: { plants: { done: true } },
          added: [{ title: /^Water the plants$/, due: on.in(1), repeat: "FREQ=DAILY" }],
        }),
      }),
    },
    {
      name: "no longer repeated",
      play: (on) => ({
        before: {
          standup: {
            title: "Standup",
            due: on.in(1),
            due_time: "09:15",
            due_zone: on.zone,
            repeat: "FREQ=DAILY",
          },
        },
        says: ["The standup stays where it is, but it should not repeat any more"],
        ends: exactly({ changed: { standup: { repeat: null } } }),
      }),
    },
    {
      name: "a time of another zone",
      zone: "Asia/Kolkata",
      play: (on) => {
        const call = { title: /call.*office/i, due: on.in(1) };
        return {
          says: ["Add “call the Tokyo office” for tomorrow at 15:00 Tokyo time"],
          ends: either(
            exactly({ added: [{ ...call, due_time: "15:00", due_zone: "Asia/Tokyo" }] }),
            // The same moment on the person's own clock. Neither zone changes its clocks.
            exactly({ added: [{ ...call, due_time: "11:30" }] }),
          ),
        };
      },
    },
  ],
};
