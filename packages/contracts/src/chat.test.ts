import { expect, test } from "vitest";
import { chatRequestSchema, MESSAGE_MAX, messagePartSchema } from "./index.ts";

const accepts = (request: unknown) => chatRequestSchema.safeParse(request).success;

test("a chat request is a message, and optionally where and when it was said", () => {
  expect(chatRequestSchema.parse({ message: " add milk " })).toEqual({ message: "add milk", time_zone: "UTC" });
  expect(accepts({ message: "x", conversation_id: "0197a5f0-0000-7000-8000-000000000001" })).toBe(true);
  for (const request of [
    { message: "" },
    { message: " " },
    { message: "\0" },
    { message: "x".repeat(MESSAGE_MAX + 1) },
    { message: "x", conversation_id: "1" },
    { message: "x", user_id: "somebody else" },
  ]) {
    expect(accepts(request), JSON.stringify(request).slice(0, 60)).toBe(false);
  }
});

test("a time zone is one that the calendar knows", () => {
  for (const zone of ["Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"]) {
    expect(accepts({ message: "x", time_zone: zone }), zone).toBe(true);
  }
  for (const zone of ["", "Mars/Olympus", "Europe/Berlin\n", "x".repeat(100)]) {
    expect(accepts({ message: "x", time_zone: zone }), zone).toBe(false);
  }
});

test("a stored part is text, reasoning or a finished tool call, nothing else", () => {
  const tool = { type: "dynamic-tool", toolName: "add_task", toolCallId: "1", input: {} };
  expect(messagePartSchema.safeParse({ ...tool, state: "output-available", output: {} }).success).toBe(true);
  expect(messagePartSchema.safeParse({ ...tool, state: "input-streaming" }).success).toBe(false);
  expect(messagePartSchema.safeParse({ type: "reasoning", text: "I should add it." }).success).toBe(true);
  expect(messagePartSchema.safeParse({ type: "file", url: "https://x.test" }).success).toBe(false);
});
