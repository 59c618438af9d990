import { expect, test } from "vitest";
import { calls, chunk, DONE, END, event, fin, ROLE, standardCall } from "../harness/wire.ts";
import { add, hello, lastCalls, MILK, ONE_CALL, playRow, type Row } from "./rows.ts";

/** How answers end. */
const ENDS: readonly Row[] = [
  { name: "the end mark alone makes a call whole", sends: ONE_CALL + DONE, text: "All set.", requests: 2 },
  { name: "a finish reason alone makes a call whole", sends: ONE_CALL + fin("tool_calls"), requests: 2 },
  { name: "another spelling of a finish reason counts", sends: ONE_CALL + fin("FinishReason.STOP") + DONE },
  ...["", null].map(
    (finish): Row => ({
      name: `a finish reason of ${JSON.stringify(finish)} says nothing, so an answer that is cut then broke off`,
      sends:
        chunk({ role: "assistant", content: "Adding it" }, finish) +
        chunk({ tool_calls: [{ index: 0, id: "a", ...add('{"title":"buy') }] }, finish),
      tasks: [],
      status: "failed",
      error: /broke off/,
      text: "Adding it",
      requests: 1,
      check: ({ runs }) =>
        expect(runs[0]?.parts.at(-1)).toMatchObject({ errorText: expect.stringMatching(/^Not run/) }),
    }),
  ),
  {
    name: "a whole call without any end broke off, too",
    sends: ONE_CALL,
    tasks: [],
    status: "failed",
    error: /broke off/,
    requests: 1,
  },
  {
    name: "a connection that is reset after the finish reason changes nothing",
    sends: { moves: [ONE_CALL + fin("tool_calls"), { pause: 50 }, "cut"] },
    text: "All set.",
    requests: 2,
  },
  {
    name: "an error after the finish reason changes nothing",
    sends: ONE_CALL + fin("tool_calls") + event({ error: { message: "late", code: 500 } }),
    text: "All set.",
  },
  ...["model_context_window_exceeded", "max_completion_tokens", "FinishReason.MAX_TOKENS"].map((reason) =>
    hello({
      name: `the length limit cuts an answer: ${reason}`,
      sends: ROLE + chunk({ content: "Hello" }) + fin(reason) + DONE,
      status: "limited",
      error: /length limit/,
      text: "Hello",
    }),
  ),
  ...["end_of_turn", "STOP_SEQUENCE", "eos_token", "COMPLETE"].map((reason) =>
    hello({
      name: `an answer is complete: ${reason}`,
      sends: ROLE + chunk({ content: "Hello!" }) + fin(reason) + DONE,
    }),
  ),
  ...["abort", "network_error", "insufficient_system_resource"].map((reason) =>
    hello({
      name: `the server gave up: ${reason}`,
      sends: ROLE + chunk({ content: "Hello" }) + fin(reason) + DONE,
      status: "failed",
      error: /has a problem/,
      text: "Hello",
    }),
  ),
  ...["MALFORMED_FUNCTION_CALL", "finish_reason_malformed_function_call", "something_new"].map(
    (reason): Row => ({
      name: `the finish reason ${reason} is no success`,
      sends: ROLE + chunk({ content: "I'll add that for you now." }) + fin(reason) + DONE,
      tasks: [],
      status: "failed",
      error: /tried to use a tool and failed/,
    }),
  ),
  {
    name: "the finish reason tool_calls without a call is no success",
    sends: ROLE + chunk({ content: "Done." }) + fin("tool_calls") + DONE,
    tasks: [],
    status: "failed",
  },
  {
    name: "a failed call is asked for again while nothing was said",
    sends: [ROLE + fin("MALFORMED_FUNCTION_CALL") + DONE, standardCall("add_task", MILK)],
    requests: 3,
  },
  hello({
    name: "the content filter cuts an answer",
    sends: ROLE + chunk({ content: "He" }) + fin("SAFETY") + DONE,
    status: "limited",
    error: /content filter/,
    text: "He",
  }),
  {
    name: "the length limit cuts a call",
    sends: ROLE + calls({ index: 0, id: "a", ...add('{"title":"buy') }) + fin("max_tokens") + DONE,
    tasks: [],
    status: "limited",
    error: /length limit/,
    check: ({ runs }) =>
      expect(runs[0]?.parts).toMatchObject([{ errorText: "Not run: the model's answer was cut off." }]),
  },
  hello({
    name: "text and finish reason come in one chunk",
    sends: chunk({ role: "assistant", content: "Hello!" }, "stop") + DONE,
  }),
  hello({
    name: "a finish reason stands in every chunk",
    sends: chunk({ role: "assistant", content: "Hel" }, "stop") + chunk({ content: "lo!" }, "stop") + DONE,
  }),
];

test.each(ENDS.map((row) => [row.name, row] as const))("an answer ends rightly: %s", (_name, row) => playRow(row));

test("seventeen calls in one answer exceed the limit of sixteen", () =>
  playRow({
    name: "seventeen",
    sends:
      ROLE +
      calls(...Array.from({ length: 17 }, (_, at) => ({ index: at, id: `c${at}`, ...add(`{"title":"t${at}"}`) }))) +
      END,
    tasks: Array.from({ length: 16 }, (_, at) => ({ title: `t${at}` })),
    status: "limited",
    requests: 1,
    check: ({ requests }) => expect(lastCalls(requests[1])).toEqual([]),
  }));
