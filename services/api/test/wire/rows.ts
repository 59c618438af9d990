import { expect } from "vitest";
import { type PlayedRun, type PlayedTask, playConversation } from "../harness/agent.ts";
import {
  calls,
  chunk,
  DONE,
  fin,
  fn,
  hasAnswered,
  type Reply,
  ROLE,
  reply,
  says,
  startWireServer,
  type WireRequest,
} from "../harness/wire.ts";

export const QUESTION = "add buy milk tomorrow";
export const MILK = '{"title":"buy milk","due":"2026-11-27"}';
export const ADDED: Partial<PlayedTask> = { title: "buy milk", due: "2026-11-27" };

/** One thing a model server sends, and what has to become of it. */
export interface Row {
  readonly name: string;
  readonly asked?: readonly string[];
  /** What the server answers as long as the person's last message has no answer: bytes, or one reply after the other. */
  readonly sends: string | Reply | readonly (string | Reply)[];
  /** What it answers afterwards. */
  readonly afterwards?: string;
  /** Refuses a request; it comes before everything else. */
  readonly refuses?: (request: WireRequest) => Reply | undefined;
  readonly idleTimeoutMs?: number;
  /** The tasks there are in the end; one task to buy milk unless given. */
  readonly tasks?: readonly Partial<PlayedTask>[];
  /** The status of the last run. */
  readonly status?: PlayedRun["status"];
  readonly error?: RegExp;
  /** The text of the last run. */
  readonly text?: string;
  readonly reasoning?: string;
  /** The requests that the server saw. */
  readonly requests?: number;
  readonly check?: (seen: { requests: readonly WireRequest[]; runs: readonly PlayedRun[] }) => void;
}

/** The function of a call of `add_task`. */
export const add = (args: unknown) => fn("add_task", args);
/** One whole call, without the end of its answer. */
export const ONE_CALL = ROLE + calls({ index: 0, id: "a", ...add(MILK) });
/** An answer in these pieces of text. */
export const parts = (...texts: string[]): string =>
  ROLE + texts.map((content) => chunk({ content })).join("") + fin("stop") + DONE;
/** A row in which the answer is a greeting, in one request. */
export const hello = (row: Omit<Row, "tasks">): Row => ({
  asked: ["hello"],
  tasks: [],
  text: "Hello!",
  requests: 1,
  ...row,
});
export const titled = (...titles: string[]): Partial<PlayedTask>[] => titles.map((title) => ({ title }));

/** Plays a row against a raw server and compares everything that it names. */
export async function playRow(row: Row): Promise<void> {
  const list = Array.isArray(row.sends) ? row.sends : [row.sends];
  let sent = 0;
  const server = await startWireServer((request) => {
    const refused = row.refuses?.(request);
    if (refused !== undefined) return refused;
    const next = list[Math.min(sent, list.length - 1)] ?? "";
    const answered = Array.isArray(row.sends) ? sent >= list.length : hasAnswered(request);
    if (answered) return reply(says(row.afterwards ?? "All set."));
    sent += 1;
    return typeof next === "string" ? reply(next) : next;
  });
  try {
    const conversation = playConversation({
      baseURL: server.url,
      ...(row.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: row.idleTimeoutMs }),
    });
    const runs: PlayedRun[] = [];
    for (const question of row.asked ?? [QUESTION]) runs.push(await conversation.ask(question));
    const last = runs.at(-1);
    expect(last).toMatchObject({ status: row.status ?? "completed" });
    expect(conversation.tasks).toMatchObject(row.tasks ?? [ADDED]);
    expect(conversation.tasks).toHaveLength((row.tasks ?? [ADDED]).length);
    if (row.error !== undefined) expect(last?.error).toMatch(row.error);
    if (row.text !== undefined) expect(last?.text).toBe(row.text);
    if (row.reasoning !== undefined) expect(last?.reasoning).toBe(row.reasoning);
    if (row.requests !== undefined) expect(server.requests).toHaveLength(row.requests);
    row.check?.({ requests: server.requests, runs });
    for (const request of server.requests) expectLawful(request);
  } finally {
    server.close();
  }
}

/** What the strictest server demands of every request. */
export function expectLawful({ messages, tools }: WireRequest): void {
  expectPlainSchemas(tools);
  const ids: string[] = [];
  for (const [at, message] of messages.entries()) {
    expect(typeof message.content).toBe("string");
    if (message.role === "user") expect(messages[at - 1]?.role).not.toBe("tool");
    const asked = message.tool_calls ?? [];
    const results = messages.slice(at + 1, at + 1 + asked.length);
    expect(results.map(({ role, tool_call_id }) => [role, tool_call_id])).toEqual(asked.map(({ id }) => ["tool", id]));
    for (const call of asked) {
      ids.push(call.id);
      expect(JSON.parse(call.function.arguments)).toBeTypeOf("object");
      expect(call.function.arguments.trim()).toMatch(/^\{/);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(messages.filter(({ role }) => role === "tool")).toHaveLength(ids.length);
}

/** Keywords and bounds of a tool's schema that some servers refuse, or make a grammar of that they can't read. */
function expectPlainSchemas(tools: WireRequest["tools"]): void {
  const text = JSON.stringify(tools ?? []);
  expect(text).not.toMatch(
    /"(exclusiveM\w+|additionalProperties|format|pattern|anyOf|oneOf|allOf|\$ref|const|default|m\w\wLength)":/,
  );
  expect(text).not.toMatch(/":-?\d{4,}/);
}

/** The calls of the last assistant message that has some. */
export function lastCalls(request: WireRequest | undefined) {
  return request?.messages.findLast(({ tool_calls }) => tool_calls !== undefined)?.tool_calls ?? [];
}
