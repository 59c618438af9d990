import { z } from "zod";

const textPart = z.looseObject({ type: z.string(), text: z.string().optional() });
const toolCall = z.object({
  id: z.string(),
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: z.union([z.string(), z.array(textPart)]).nullish(),
  name: z.string().optional(),
  tool_calls: z.array(toolCall).optional(),
  tool_call_id: z.string().optional(),
});

const tool = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** The body of `POST /v1/chat/completions`, as far as this server reads it. Other fields are accepted and ignored. */
export const modelRequestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(message).min(1),
  tools: z.array(tool).optional(),
  tool_choice: z.union([z.string(), z.looseObject({})]).optional(),
  parallel_tool_calls: z.boolean().nullish(),
  n: z.literal(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});
export type ModelRequest = z.infer<typeof modelRequestSchema>;
export type ModelMessage = ModelRequest["messages"][number];

/** The text of a message, whichever of the two forms it has. */
export function textOf(message: ModelMessage): string {
  if (typeof message.content === "string") return message.content;
  return (message.content ?? []).map((part) => part.text ?? "").join("");
}

/** The names of the tools the request offers; none when it forbids calls. */
export function toolNames(request: ModelRequest): ReadonlySet<string> {
  if (request.tool_choice === "none") return new Set();
  return new Set((request.tools ?? []).map((entry) => entry.function.name));
}
