/** How the agent ends an answer by itself. What ends a run from outside, and how it is stored, is in `runs/run-end.ts`. */
import type { AnswerEnd } from "./model/driver.ts";
import type { AgentEnd, AgentLimits } from "./state.ts";

/** The end of a run whose time is up. */
export const TIME_IS_UP = {
  status: "limited",
  error: "This took too long and was stopped. Ask me to continue.",
} as const satisfies AgentEnd;

/** The end after the last step allowed. */
export function outOfSteps(limits: AgentLimits): AgentEnd {
  return { status: "limited", error: `I stopped after ${limits.steps} steps. Ask me to continue.` };
}

/** The end after the last tool call allowed. */
export function outOfCalls(limits: AgentLimits): AgentEnd {
  return { status: "limited", error: `I stopped after ${limits.toolCalls} tool calls. Ask me to continue.` };
}

/** The end after an answer that asks for no more tools. `cut` means that it exceeded the limit of text. */
export function endAfter(reason: AnswerEnd | "cut"): AgentEnd {
  switch (reason) {
    case "stop":
      return { status: "completed" };
    case "length":
      return { status: "limited", error: "The answer reached the model's length limit." };
    case "filtered":
      return { status: "limited", error: "The model provider's content filter cut the answer." };
    case "cut":
      return { status: "limited", error: "The answer was too long and was cut." };
  }
}
