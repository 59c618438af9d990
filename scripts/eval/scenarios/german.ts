import { exactly, untouched } from "../judge/graders.ts";
import { each, several, type Theme } from "./scenario.ts";

export const GERMAN: Theme = {
  name: "German",
  scenarios: [
    {
      name: "morgen um neun",
      play: (on) => ({
        says: ["Erinnere mich morgen um 9 Uhr an den Zahnarzt"],
        ends: exactly({ added: [{ title: /zahnarzt/i, due: on.in(1), due_time: "09:00" }] }),
      }),
    },
    {
      name: "übermorgen",
      zone: "Europe/Zurich",
      play: (on) => ({
        says: ["Ich muss übermorgen Milch kaufen"],
        ends: exactly({ added: [{ title: /milch/i, due: on.in(2) }] }),
      }),
    },
    {
      name: "alles Überfällige auf heute",
      zone: "Europe/Vienna",
      play: (on) => ({
        before: {
          ...several("late", 3, (number) => ({ title: `Brief ${number}`, due: on.in(-number) })),
          next: { title: "Paket abholen", due: on.in(1) },
        },
        says: ["Verschiebe alles, was überfällig ist, auf heute"],
        ends: exactly({ changed: each(["late1", "late2", "late3"], { due: on.today }) }),
      }),
    },
    {
      name: "jeden Montag",
      play: (on) => ({
        says: ["Neue Aufgabe: Wochenplan machen, jeden Montag um 9 Uhr, zum ersten Mal am kommenden Montag"],
        ends: exactly({
          added: [
            {
              title: /wochenplan/i,
              due: on.weekday("monday"),
              due_time: "09:00",
              repeat: "FREQ=WEEKLY;BYDAY=MO",
            },
          ],
        }),
      }),
    },
    {
      name: "das eine, nicht das andere",
      play: () => ({
        before: { hair: { title: "Termin beim Friseur" }, bank: { title: "Termin bei der Bank" } },
        says: ["Lösch den Termin beim Friseur, aber nicht den bei der Bank"],
        ends: exactly({ changed: { hair: { trashed: true } } }),
      }),
    },
    {
      name: "nur eine Frage",
      play: (on) => ({
        before: { rent: { title: "Miete zahlen", due: on.today }, done: { title: "Müll rausbringen", done: true } },
        says: ["Habe ich die Miete schon bezahlt oder steht das noch aus?"],
        ends: untouched,
      }),
    },
  ],
};
