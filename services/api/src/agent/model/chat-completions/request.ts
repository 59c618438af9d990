import type { AgentMessage, ModelRequest, ModelTool } from "../driver.ts";
import type { Learned } from "./quirks.ts";

/** The body of a request: the one place where a conversation takes the form of the chat completions API. */
export function toBody(request: ModelRequest, options: { model: string; learned: Learned }): Record<string, unknown> {
  return {
    model: options.model,
    messages: request.messages.map(toParam),
    stream: true,
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
    ...options.learned.body,
  };
}

/** A message in the form of the chat completions API. */
function toParam(message: AgentMessage): Record<string, unknown> {
  if (message.role === "tool") return { role: "tool", tool_call_id: message.callId, content: message.content };
  if (message.role !== "assistant") return { role: message.role, content: message.content };
  const said = { role: "assistant", content: message.content, ...message.state };
  if (message.calls.length === 0) return said;
  return {
    ...said,
    tool_calls: message.calls.map((call) => ({
      id: call.id,
      type: "function",
      function: { name: call.name, arguments: call.arguments },
      ...call.state,
    })),
  };
}

/** A tool in the form of the chat completions API. */
function toTool(tool: ModelTool): Record<string, unknown> {
  return {
    type: "function",
    function: { name: tool.name, description: tool.description, parameters: tool.parameters },
  };
}
