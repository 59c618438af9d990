import { expect, test } from "vitest";
import { type AgentDeps, advance } from "./advance.ts";
import type { AgentEvent } from "./events.ts";
import type { ModelEvent, ToolCall } from "./model/driver.ts";
import { type AgentLimits, type AgentState, initialState } from "./state.ts";

const LIMITS: AgentLimits = { steps: 8, toolCalls: 16, textLength: 1_000, ms: 60_000 };
const QUESTION = [{ role: "user" as const, content: "go" }];

/** A model that gives these answers in turn, tools that answer with their names, and a clock that moves by 1 ms. */
function fixture(...answers: ModelEvent[][]) {
  const events: AgentEvent[] = [];
  let asked = 0;
  let time = 0;
  const deps: AgentDeps = {
    driver: { origin: "test", ask: () => ReadableStream.from(answers[asked++] ?? says("done")) },
    tools: {
      offered: [],
      // Reads run in pairs, everything else alone.
      runNext: async (calls) => {
        const batch = calls[0]?.name === "read" ? calls.slice(0, 2) : calls.slice(0, 1);
        return batch.map((call) => ({ id: call.id, content: `${call.name} ${call.arguments}` }));
      },
      refuse: async (calls, error) => {
        for (const { id, name } of calls) {
          events.push({ type: "tool-input", id, name, input: {} }, { type: "tool-error", id, error });
        }
      },
    },
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    now: () => time++,
  };
  return { deps, events };
}

function says(text: string): ModelEvent[] {
  return [
    { type: "text", delta: text },
    { type: "done", calls: [], reason: "stop" },
  ];
}

function asksFor(...calls: ToolCall[]): ModelEvent[] {
  const starts = calls.map(({ id, name }): ModelEvent => ({ type: "call-start", id, name }));
  return [...starts, { type: "done", calls, reason: "stop" }];
}

const call = (id: string, name: string, text = "{}"): ToolCall => ({ id, name, arguments: text });

async function toTheEnd(deps: AgentDeps, limits: AgentLimits, between: (state: AgentState) => AgentState) {
  const states = [between(initialState(QUESTION, limits))];
  for (let state = states[0]; state !== undefined && state.next.do !== "end"; state = states.at(-1)) {
    states.push(between(await advance(state, deps)));
  }
  return states;
}

const CONVERSATION = [
  asksFor(call("a", "read"), call("b", "read"), call("c", "write", '{"title":"x"}'), call("d", "write", "no json")),
  asksFor(call("e", "write")),
  says("All done."),
];

test("a run that is written down as JSON after every move and taken up from there goes on in the same way", async () => {
  const whole = fixture(...CONVERSATION);
  const resumed = fixture(...CONVERSATION);
  const expected = await toTheEnd(whole.deps, LIMITS, (state) => state);
  const found = await toTheEnd(resumed.deps, LIMITS, (state) => JSON.parse(JSON.stringify(state)));
  expect(found).toEqual(expected);
  expect(resumed.events).toEqual(whole.events);
  expect(expected.map((state) => state.next.do)).toEqual([
    "ask-model",
    "run-calls",
    "run-calls",
    "run-calls",
    "ask-model",
    "run-calls",
    "ask-model",
    "end",
  ]);
});

test("a move leaves the state it started from as it was", async () => {
  const { deps } = fixture(...CONVERSATION);
  const start = initialState(QUESTION, LIMITS);
  const before = structuredClone(start);
  await advance(start, deps);
  expect(start).toEqual(before);
});

test("the model reads its calls as valid JSON, each with its result", async () => {
  const { deps } = fixture(...CONVERSATION);
  const end = (await toTheEnd(deps, LIMITS, (state) => state)).at(-1);
  expect(end?.messages.slice(1, 6)).toEqual([
    {
      role: "assistant",
      content: "",
      calls: [call("a", "read"), call("b", "read"), call("c", "write", '{"title":"x"}'), call("d", "write", "{}")],
    },
    { role: "tool", callId: "a", content: "read {}" },
    { role: "tool", callId: "b", content: "read {}" },
    { role: "tool", callId: "c", content: 'write {"title":"x"}' },
    // The tool sees what the model wrote, and says what is wrong with it.
    { role: "tool", callId: "d", content: "write no json" },
  ]);
});

test("what is left of the limits goes down by what was spent", async () => {
  const { deps } = fixture(...CONVERSATION);
  const end = (await toTheEnd(deps, LIMITS, (state) => state)).at(-1);
  expect(end?.left).toEqual({ steps: 5, toolCalls: 11, textLength: 991, ms: 59_993 });
  expect(end?.limits).toEqual(LIMITS);
});

test("a call id that an earlier step has used is replaced", async () => {
  const { deps } = fixture(asksFor(call("a", "read")), asksFor(call("a", "read")));
  const end = (await toTheEnd(deps, LIMITS, (state) => state)).at(-1);
  expect(end?.usedIds).toEqual(["a", expect.stringMatching(/^call_/)]);
});

test("a state without time left ends before the model is asked", async () => {
  const { deps, events } = fixture();
  const state = await advance(initialState(QUESTION, { ...LIMITS, ms: 0 }), deps);
  expect(state.next).toMatchObject({
    do: "end",
    end: { status: "limited", error: expect.stringContaining("too long") },
  });
  expect(events).toEqual([]);
});

test("calls beyond the limit are refused after the others have run, and the run ends", async () => {
  const { deps, events } = fixture(asksFor(call("a", "write"), call("b", "write"), call("c", "write")));
  const states = await toTheEnd(deps, { ...LIMITS, toolCalls: 2 }, (state) => state);
  expect(states.at(-1)?.next).toMatchObject({ do: "end", end: { error: expect.stringContaining("2 tool calls") } });
  expect(events.slice(-3)).toMatchObject([
    { type: "tool-input", id: "c" },
    { type: "tool-error", id: "c", error: expect.stringMatching(/^Not run/) },
    { type: "step-finish" },
  ]);
});
