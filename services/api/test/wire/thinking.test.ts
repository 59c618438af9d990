import { expect, test } from "vitest";
import { calls, chunk, DONE, END, fin, ROLE } from "../harness/wire.ts";
import { add, hello, MILK, parts, playRow, type Row } from "./rows.ts";

/** Reasoning in the text. */
const THINKING: readonly Row[] = [
  ...[
    "<think>\nThe user says hello, secretly plan.\n\nSo I greet.\n</think>\n\nHello!",
    "<think>\nA\n\nB\n</think>\n\nHello!",
    "<think>A</think>Hello!",
    "<think>\nA\n</think>\nHello!",
    "A\n</think>\n\nHello!",
    "Okay, the user just said hello, secretly plan.\n</think>\n\nHello!",
    "\n<think></think>\n\nHello!",
    "<thinking>plan</thinking>\nHello!",
    "<think>a</think>\n<think>b</think>\nHello!",
    "[THINK]plan[/THINK]Hello!",
    "<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>Hello!",
    "<|START_THINKING|>plan<|END_THINKING|><|START_RESPONSE|>Hello!<|END_RESPONSE|>",
    "<|channel>thought\nplan<channel|>Hello!",
    "<|inner_prefix|>plan<|inner_suffix|>Hello!",
    "<|begin_of_thought|>plan<|end_of_thought|><|begin_of_solution|>Hello!<|end_of_solution|>",
    "<think>\nplan\n</think>\n<answer>\nHello!</answer>",
    "<THINK>plan</THINK>Hello!",
    "<|channel|>final<|message|>Hello!",
    "<|start|>assistant<|channel|>final<|message|>Hello!<|return|>",
    "Hello!<|im_end|>",
    "Hello!</s>",
    "Hello!<|eot_id|><|endoftext|>",
  ].flatMap((text) => [
    hello({ name: `in ${JSON.stringify(text)}`, sends: parts(text) }),
    // Text that was shown before the end mark becomes reasoning afterwards.
    hello({ name: `in ${JSON.stringify(text)}, cut into letters`, sends: parts(...text) }),
  ]),
  hello({
    name: "in two runs, of which the second reads the first without it",
    asked: ["hello", "again"],
    sends: [
      parts("<think>\nsecretly plan\n", "</think>\n\nHello!"),
      parts("<think>\nsecretly plan\n", "</think>\n\nHello!"),
    ],
    requests: 2,
    check: ({ requests, runs }) => {
      expect(runs.map((run) => run.text)).toEqual(["Hello!", "Hello!"]);
      expect(JSON.stringify(requests[1])).not.toContain("secretly");
      expect(requests[1]?.messages[2]).toEqual({ role: "assistant", content: "Hello!" });
    },
  }),
  ...["Write </s> at the end.", "Hello!<|im_end|>\nuser", "Hello <", "2 </ 3"].map((text) =>
    hello({ name: `but no token that ends nothing: ${JSON.stringify(text)}`, sends: parts(...text), text }),
  ),
  hello({
    name: "that is only spoken of",
    sends: parts("A model writes <think> and </think>."),
    text: "A model writes <think> and </think>.",
  }),
  hello({
    name: "in a code block, where it is text",
    sends: parts("Look:\n```\nx\n</think>\n```\n"),
    text: "Look:\n```\nx\n</think>\n```\n",
  }),
  hello({
    name: "without an end, which leaves no answer",
    sends: parts("<think>plan"),
    status: "failed",
    error: /empty answer/,
    text: "",
  }),
];

/** Reasoning in fields and parts of its own. */
const FIELDS: readonly Row[] = [
  {
    name: "in three fields at once",
    sends:
      chunk({ role: "assistant", content: null, reasoning_content: "hmm" }) +
      chunk({ content: "", reasoning: "hmm", reasoning_details: [{ type: "reasoning.text", text: "hmm" }] }) +
      calls({ index: 0, id: "a", ...add(MILK) }) +
      END,
    text: "All set.",
  },
  hello({
    name: "as parts of the content (Magistral)",
    sends:
      ROLE +
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "a greeting" }] }] }) +
      chunk({ content: [{ type: "text", text: "Hel" }] }) +
      chunk({
        content: [
          { type: "text", text: "lo!" },
          { type: "reference", reference_ids: [1] },
        ],
      }) +
      fin("stop") +
      DONE,
    reasoning: "a greeting",
  }),
  hello({
    name: "as a part, and then a text",
    sends:
      ROLE +
      chunk({ content: [{ type: "thinking", thinking: [{ type: "text", text: "a greeting" }] }] }) +
      chunk({ content: "Hello!" }) +
      fin("stop") +
      DONE,
    reasoning: "a greeting",
  }),
  hello({
    name: "alone, which is no answer",
    sends: chunk({ role: "assistant", content: "", reasoning_content: "Hello!" }) + fin("stop") + DONE,
    status: "failed",
    error: /empty answer/,
    text: "",
  }),
  hello({
    name: "beside a refusal, which is the answer",
    sends:
      chunk({ role: "assistant", content: null, refusal: "" }) + chunk({ refusal: "I can't." }) + fin("stop") + DONE,
    text: "I can't.",
  }),
];

test.each(THINKING.map((row) => [row.name, row] as const))("reasoning is split off the text %s", (_name, row) =>
  playRow(row),
);

test.each(FIELDS.map((row) => [row.name, row] as const))("reasoning is told from the answer %s", (_name, row) =>
  playRow(row),
);
