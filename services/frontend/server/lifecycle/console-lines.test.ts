import { expect, test } from "vitest";
import { consoleAsLines } from "./console-lines.ts";

function recorded() {
  const lines: string[] = [];
  const replaced = { ...console };
  consoleAsLines(
    replaced,
    (line) => lines.push(line),
    () => new Date(0),
  );
  return { console: replaced, lines };
}

test("each call is one line of JSON with its level, without colours", () => {
  const { console, lines } = recorded();
  console.log(" \u001b[1m▲ Next.js %s\u001b[22m", "16");
  console.warn("careful\nnow");
  console.error(" ⨯", new Error("broken"));
  expect(lines.every((line) => line.endsWith("\n") && line.split("\n").length === 2)).toBe(true);
  const [banner, warning, error] = lines.map((line) => JSON.parse(line));
  const common = { time: "1970-01-01T00:00:00.000Z", service: "frontend" };
  expect(banner).toEqual({ level: "info", msg: "▲ Next.js 16", ...common });
  expect(warning).toEqual({ level: "warn", msg: "careful\nnow", ...common });
  expect(error).toMatchObject({ level: "error", msg: expect.stringMatching(/^⨯ Error: broken\n +at /) });
});

test("empty lines are left out", () => {
  const { console, lines } = recorded();
  console.log("");
  console.log();
  console.info(" \n");
  expect(lines).toEqual([]);
});
