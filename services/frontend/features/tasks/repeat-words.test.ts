import { expect, test } from "vitest";
import { repeatWords } from "./repeat-words.ts";

test.each([
  ["FREQ=DAILY", "Every day"],
  ["FREQ=DAILY;INTERVAL=3", "Every 3 days"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"],
  ["FREQ=WEEKLY;BYDAY=MO,WE", "Every week on Mon, Wed"],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every 2 weeks on Tue"],
  ["FREQ=MONTHLY;BYMONTHDAY=15", "Every month on day 15"],
  ["FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"],
  ["FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Fri"],
  ["FREQ=MONTHLY;BYDAY=2TU", "Every month on the 2nd Tue"],
  ["FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=10", "Every 3 months on day 10"],
  ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=3", "Every year on 3 Dec"],
  ["FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR"],
  ["what another version wrote", "what another version wrote"],
])("%s reads %s", (rule, said) => {
  expect(repeatWords(rule, "due", "en-GB")).toBe(said);
});

test("a rule that counts from completion says so", () => {
  expect(repeatWords("FREQ=DAILY;INTERVAL=90", "completion", "en-GB")).toBe("Every 90 days, from when it is done");
});
