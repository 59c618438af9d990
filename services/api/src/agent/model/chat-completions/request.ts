import type { AgentMessage, ModelRequest, ModelTool } from "../driver.ts";
import { withInvariants } from "../invariants.ts";
import { withLessons } from "../lessons/apply.ts";
import type { Lesson } from "../lessons/lessons.ts";
import { wireSchema } from "../wire-schema.ts";

/** What an administrator may set of a request. What is unset is not sent. */
export interface RequestSettings {
  readonly maxOutputTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly reasoningEffort?: string | undefined;
  /** Further parameters of the provider's own. They can't replace the request itself. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** Parameters that carry the request itself. */
export const RESERVED_PARAMETERS = ["model", "messages", "tools", "stream"] as const;

/** The body of a request: the one place where a conversation takes the form of the chat completions API. */
export function toBody(
  request: Pick<ModelRequest, "messages" | "tools">,
  options: { model: string; settings: RequestSettings; lessons: readonly Lesson[] },
): Record<string, unknown> {
  const { maxOutputTokens, temperature, reasoningEffort, extraBody } = options.settings;
  const body = {
    ...(maxOutputTokens === undefined ? {} : { max_tokens: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
    ...extraBody,
    // These come last, so that nothing above can replace them.
    model: options.model,
    messages: withInvariants(request.messages).map(toParam),
    stream: true,
    tools: request.tools.length === 0 ? undefined : request.tools.map(toTool),
  };
  return withLessons(body, options.lessons);
}

/** A message in the form of the chat completions API. Its content is always a text, because some servers refuse null. */
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
    function: { name: tool.name, description: tool.description, parameters: wireSchema(tool.parameters) },
  };
}
