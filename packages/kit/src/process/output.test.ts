import { expect, it, vi } from "vitest";
import { createOutput } from "./output.ts";

const systemError = (code: string) => Object.assign(new Error(code), { code });

/** A reader that takes so many bytes before it is full; `open` lets it take more. */
function reader(room: number) {
  const state = { room, gone: false, text: "", calls: 0 };
  const output = createOutput((bytes) => {
    state.calls += 1;
    if (state.gone) throw systemError("EPIPE");
    const taken = bytes.subarray(0, state.room);
    if (taken.length === 0) throw systemError("EAGAIN");
    state.room -= taken.length;
    state.text += Buffer.from(taken).toString();
    return taken.length;
  });
  return { state, output };
}

it("writes at once while the reader takes everything", () => {
  const { state, output } = reader(100);
  output.write("one\n");
  output.write("two\n");
  expect(state.text).toBe("one\ntwo\n");
});

it("keeps what a slow reader does not take, and writes it in order later", () => {
  vi.useFakeTimers();
  const { state, output } = reader(6);
  for (const line of ["one\n", "two\n", "three\n"]) output.write(line);
  expect(state.text).toBe("one\ntw");
  state.room = 100;
  vi.advanceTimersByTime(100);
  expect(state.text).toBe("one\ntwo\nthree\n");
  vi.useRealTimers();
});

it("keeps at most 1 MB for a reader that takes nothing, and counts the lines it drops", () => {
  const { state, output } = reader(0);
  const line = `${"x".repeat(1023)}\n`;
  for (let count = 0; count < 1_500; count++) output.write(line);
  state.room = 10_000_000;
  output.close();
  expect(state.text.length).toBeLessThan(1024 * 1024 + 200);
  expect(state.text).toMatch(/"lines":476,"msg":"log lines dropped"\}\n$/);
});

it("ends with its reader, and nothing waits for a reader that has gone", () => {
  const { state, output } = reader(0);
  output.write("one\n");
  state.gone = true;
  output.flushSync();
  const { calls } = state;
  output.write("two\n");
  output.flushSync();
  expect(state.calls).toBe(calls);
});

it("gives up on a reader that takes nothing when the process ends", () => {
  const { state, output } = reader(0);
  output.write("one\n");
  output.close();
  expect(state.calls).toBeLessThan(50);
});
