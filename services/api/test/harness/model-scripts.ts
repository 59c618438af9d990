import type { ModelRequest, Respond, Step } from "@taskassistant/model-demo";

/** A model that plays one list of steps per model call of a run, then says that it is done. */
export function playing(...rounds: Step[][]): Respond {
  return (request) => rounds[roundOf(request)] ?? [{ type: "text", text: "done" }];
}

/** How many answers the model has given since the last message of the person. */
export function roundOf(request: ModelRequest): number {
  const at = request.messages.findLastIndex((message) => message.role === "user");
  return request.messages.slice(at + 1).filter((message) => message.role === "assistant").length;
}

/** A tool call with arguments. */
export const toolCall = (name: string, args: Record<string, unknown> | string = {}): Step => ({
  type: "tool_call",
  name,
  arguments: args,
});

export const says = (text: string): Step => ({ type: "text", text });
