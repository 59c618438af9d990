import { createHash } from "node:crypto";
import { isRecord } from "@taskassistant/contracts";
import type { Lesson, Scalar } from "./lessons.ts";

type Body = Record<string, unknown>;
type Message = Record<string, unknown>;

/** Stands where a server demands reasoning and none was kept. */
const NO_REASONING = "(not kept)";

/** The body of a request in the form that the server has asked for. */
export function withLessons(body: Body, lessons: readonly Lesson[]): Body {
  return lessons.reduce(withLesson, body);
}

function withLesson(body: Body, lesson: Lesson): Body {
  switch (lesson.kind) {
    case "set":
      return withValue(body, lesson.path, lesson.value);
    case "drop":
      return without(body, lesson.path);
    case "rename": {
      const value = valueAt(body, lesson.path);
      return value === undefined ? body : { ...without(body, lesson.path), [lesson.to]: value };
    }
    case "drop-message-field":
      return onMessages(body, (message) => withoutField(message, lesson.field));
    case "reasoning-field":
      return onMessages(body, (message) =>
        "tool_calls" in message && !message[lesson.field] ? { ...message, [lesson.field]: NO_REASONING } : message,
      );
    case "call-id":
      return onMessages(body, (message) => withIds(message, (id) => shortId(id, lesson.length)));
    case "no-system-role":
      return { ...body, messages: withoutSystem(messagesOf(body)) };
  }
}

function messagesOf(body: Body): Message[] {
  return Array.isArray(body.messages) ? body.messages.filter(isRecord) : [];
}

function onMessages(body: Body, change: (message: Message) => Message): Body {
  return { ...body, messages: messagesOf(body).map(change) };
}

function callsOf(message: Message): Message[] {
  return Array.isArray(message.tool_calls) ? message.tool_calls.filter(isRecord) : [];
}

function withoutField(message: Message, field: string): Message {
  const { [field]: _, ...kept } = message;
  if (!("tool_calls" in kept)) return kept;
  return { ...kept, tool_calls: callsOf(kept).map(({ [field]: _inner, ...call }) => call) };
}

function withIds(message: Message, change: (id: string) => string): Message {
  if (typeof message.tool_call_id === "string") return { ...message, tool_call_id: change(message.tool_call_id) };
  if (!("tool_calls" in message)) return message;
  const calls = callsOf(message).map((call) => ({ ...call, id: change(String(call.id)) }));
  return { ...message, tool_calls: calls };
}

/** The id itself if it has the form; otherwise always the same one for the same id. */
function shortId(id: string, length: number): string {
  if (id.length === length && /^[a-zA-Z0-9]+$/.test(id)) return id;
  const letters = createHash("sha512")
    .update(id)
    .digest("base64")
    .replaceAll(/[^a-zA-Z0-9]/g, "");
  return letters.slice(0, length);
}

/** The system message in front of the first question, as servers without a system role want it. */
function withoutSystem(messages: Message[]): Message[] {
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => String(content));
  const others = messages.filter(({ role }) => role !== "system");
  const first = others.findIndex(({ role }) => role === "user");
  if (system.length === 0 || first < 0) return messages;
  return others.map((message, index) =>
    index === first ? { ...message, content: [...system, String(message.content)].join("\n\n") } : message,
  );
}

function valueAt(body: Body, [name = "", ...rest]: readonly string[]): unknown {
  const value = body[name];
  if (rest.length === 0) return value;
  return isRecord(value) ? valueAt(value, rest) : undefined;
}

function withValue(body: Body, [name = "", ...rest]: readonly string[], value: Scalar): Body {
  const inner = body[name];
  return { ...body, [name]: rest.length === 0 ? value : withValue(isRecord(inner) ? inner : {}, rest, value) };
}

function without(body: Body, [name = "", ...rest]: readonly string[]): Body {
  const { [name]: inner, ...kept } = body;
  if (rest.length === 0) return kept;
  return isRecord(inner) ? { ...kept, [name]: without(inner, rest) } : body;
}
