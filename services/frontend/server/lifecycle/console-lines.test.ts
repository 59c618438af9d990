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

test("writes each call as one JSON line with its level and without colours", () => {
  const { console, lines } = recorded();
  console.log(" \u001b[1m▲ Next.js %s\u001b[22m", "16");
  console.warn("careful\nnow");
  console.error(" ⨯", new Error("broken"));
  expect(lines.filter((line) => !/^[^\n]+\n$/.test(line))).toEqual([]);
  const [banner, warning, error] = lines.map((line) => JSON.parse(line));
  const common = { time: "1970-01-01T00:00:00.000Z", service: "frontend" };
  expect(banner).toEqual({ level: "info", msg: "▲ Next.js 16", ...common });
  expect(warning).toEqual({ level: "warn", msg: "careful\nnow", ...common });
  expect(error).toMatchObject({ level: "error", msg: expect.stringMatching(/^⨯ Error: broken\n +at /) });
});

test("leaves out empty lines", () => {
  const { console, lines } = recorded();
  console.log("");
  console.log();
  console.info(" \n");
  expect(lines).toEqual([]);
});
