import type { ReadCall } from "../calls/assemble.ts";
import { objectsIn } from "../calls/json-text.ts";
import { resolveTool } from "../calls/tool-name.ts";
import type { ModelEvent, ModelRequest } from "../driver.ts";
import { failedCall } from "../errors.ts";
import { createCallHolder } from "./call-holder.ts";
import { createEndTokenFilter } from "./end-tokens.ts";
import { judgeLeaked } from "./leaked-calls.ts";
import { createThinkingSplitter, type Stretch } from "./thinking.ts";
import type { WrittenCall } from "./written-call.ts";

/** The text of one answer on its way to the person: without reasoning, and without calls that leaked into it. */
export interface AnswerText {
  feed(delta: string): Generator<ModelEvent>;
  /** What was held back. Throws `failedCall` when the answer is whole and is a call that can't be run. */
  finish(isWhole: boolean): { events: ModelEvent[]; leaked: ReadCall[] };
}

export function createAnswerText(request: ModelRequest): AnswerText {
  const splitter = createThinkingSplitter();
  const endTokens = createEndTokenFilter();
  const holder = createCallHolder();

  return {
    *feed(delta) {
      for (const stretch of splitter.feed(delta)) yield* pass(stretch);
    },
    finish(isWhole) {
      const events = splitter.finish().flatMap((stretch) => [...pass(stretch)]);
      events.push(...show(endTokens.finish()));
      const textBefore = holder.hasPassed();
      const held = holder.take();
      if (held === "") return { events, leaked: [] };
      const said = request.messages.flatMap(({ role, content }) =>
        role === "user" || role === "tool" ? [content] : [],
      );
      const verdict = judgeLeaked(held.trim(), { tools: request.tools, said, textBefore });
      if (verdict.kind === "calls" && isWhole)
        return { events, leaked: verdict.calls.map((call) => readCall(call, request)) };
      if (verdict.kind === "failed" && isWhole) throw failedCall();
      return { events: verdict.kind === "text" ? [...events, { type: "text", delta: held }] : events, leaked: [] };
    },
  };

  function* pass(stretch: Stretch): Generator<ModelEvent> {
    if (stretch.type === "text") return yield* show(endTokens.feed(stretch.delta));
    // Held text was reasoning too.
    const held = stretch.type === "text-was-reasoning" ? holder.take() + endTokens.finish() : "";
    if (held !== "") yield { type: "text", delta: held };
    yield stretch;
  }

  function* show(text: string): Generator<ModelEvent> {
    const shown = text === "" ? "" : holder.feed(text);
    if (shown !== "") yield { type: "text", delta: shown };
  }
}

function readCall(call: WrittenCall, { tools }: ModelRequest): ReadCall {
  const tool = resolveTool(call.name, tools);
  const [object = {}] = objectsIn(call.arguments) ?? [];
  return { id: undefined, name: tool?.name ?? call.name, arguments: JSON.stringify(tool?.accept(object) ?? object) };
}
