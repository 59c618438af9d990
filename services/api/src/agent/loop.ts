import { type AgentDeps, advance } from "./advance.ts";
import type { AgentEnd, AgentState } from "./state.ts";

/** Moves from a state to the end: model, tools, model, tools, until the model asks for no more. Throws like `advance`. */
export async function runAgent(start: AgentState, deps: AgentDeps): Promise<AgentEnd> {
  let state = start;
  while (state.next.do !== "end") state = await advance(state, deps);
  return state.next.end;
}
