import { expect, test } from "vitest";
import type { AgentEvent } from "../agent/events.ts";
import { createPacer } from "./paced.ts";

const text = (delta: string): AgentEvent => ({ type: "text", delta });

function paced() {
  const reader = { room: 0, got: [] as AgentEvent[] };
  const pacer = createPacer({
    hasRoom: () => reader.room > 0,
    send: (event) => {
      reader.room -= 1;
      reader.got.push(event);
    },
  });
  return { pacer, reader };
}

test("passes events on at once while the reader takes them", () => {
  const { pacer, reader } = paced();
  reader.room = 10;
  for (const letter of "abc") pacer.add(text(letter));
  expect(reader.got).toEqual([text("a"), text("b"), text("c")]);
});

test("joins texts that wait, keeps the order, and goes on where the reader stopped", () => {
  const { pacer, reader } = paced();
  const start: AgentEvent = { type: "tool-start", id: "1", name: "list_tasks" };
  for (const letter of "abc") pacer.add(text(letter));
  pacer.add(start);
  for (const letter of "de") pacer.add(text(letter));
  reader.room = 1;
  pacer.resume();
  expect(reader.got).toEqual([text("abc")]);
  pacer.add(text("f"));
  reader.room = 10;
  pacer.resume();
  expect(reader.got).toEqual([text("abc"), start, text("de"), text("f")]);
});

test("joins reasoning as well, and keeps it apart from the text", () => {
  const { pacer, reader } = paced();
  const thought = (delta: string): AgentEvent => ({ type: "reasoning", delta });
  for (const event of [thought("a"), thought("b"), text("c"), text("d"), thought("e")]) pacer.add(event);
  pacer.flush();
  expect(reader.got).toEqual([thought("ab"), text("cd"), thought("e")]);
});

test("holds one text, however many letters a model sends one by one, and passes it on at the end", () => {
  const { pacer, reader } = paced();
  for (let count = 0; count < 64_000; count++) pacer.add(text("x"));
  pacer.flush();
  expect(reader.got).toEqual([text("x".repeat(64_000))]);
});
