import { test } from "vitest";
import { calls, chunk, DONE, END, fin, type Move, ROLE } from "../harness/wire.ts";
import { add, hello, MILK, ONE_CALL, playRow, type Row } from "./rows.ts";

/** Silence. A limit of half a second takes the place of two minutes. */
const SILENCE: readonly Row[] = [
  {
    name: "between text and a whole call",
    sends: {
      moves: [
        chunk({ role: "assistant", content: "Sure, I add it." }),
        { pause: 250 },
        calls({ index: 0, id: "a", ...add(MILK) }) + END,
      ],
    },
    text: "Sure, I add it.\n\nAll set.",
  },
  {
    name: "between a call's name and its arguments",
    sends: {
      moves: [
        ROLE + calls({ index: 0, id: "a", ...add("") }),
        { pause: 250 },
        calls({ index: 0, function: { arguments: MILK } }) + END,
      ],
    },
  },
  hello({
    name: "between reasoning and the answer",
    sends: {
      moves: [
        chunk({ role: "assistant", content: null, reasoning_content: "Let me see" }),
        { pause: 250 },
        chunk({ content: "Hello!" }) + fin("stop") + DONE,
      ],
    },
  }),
  hello({
    name: "after the role",
    sends: { moves: [ROLE, { pause: 250 }, chunk({ content: "Hello!" }) + fin("stop") + DONE] },
  }),
  hello({
    name: "that is broken by comments",
    sends: {
      moves: [
        ROLE,
        ...Array.from({ length: 5 }, (): Move[] => [{ pause: 200 }, ": c\n\n"]).flat(),
        chunk({ content: "Hello!" }) + fin("stop") + DONE,
      ],
    },
  }),
  hello({
    name: "on an open connection after a whole answer",
    sends: { open: true, moves: [chunk({ role: "assistant", content: "Hello!" }) + fin("stop")] },
  }),
  {
    name: "on an open connection after a whole call",
    sends: { open: true, moves: [ONE_CALL + fin("tool_calls")] },
    text: "All set.",
  },
].map((row): Row => ({ idleTimeoutMs: 500, ...row }));

test.each(SILENCE.map((row) => [row.name, row] as const))("a server may be silent %s", (_name, row) => playRow(row));
