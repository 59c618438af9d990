import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { readable } from "./log-line.ts";

const shown = (line: string) => stripVTControlCharacters(readable(line));

describe("readable", () => {
  it("shortens a request to one readable line", () => {
    const line = { level: "info", time: "2026-01-01T00:00:00Z", service: "api", request_id: "r1", method: "GET" };
    const rest = { path: "/api/me", status: 200, duration_ms: 4.2, msg: "request" };
    expect(shown(JSON.stringify({ ...line, ...rest }))).toBe("GET /api/me 200 4.2 ms request_id=r1");
  });

  it("prints a message with its fields and the stack of its error", () => {
    const err = { type: "Error", message: "no", stack: "Error: no\n    at x" };
    expect(shown(JSON.stringify({ level: "error", msg: "failed", port: 3000, err }))).toBe(
      "failed port=3000\nError: no\n    at x",
    );
  });

  it("leaves a line that is not a JSON log unchanged", () => {
    for (const line of ["✓ Ready in 500ms", "{not json", "[1,2]", '{"a":1']) expect(readable(line)).toBe(line);
  });
});
