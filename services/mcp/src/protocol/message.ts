import { isRecord } from "@taskassistant/contracts";

/** A JSON-RPC message whose `params` are an object, if there are any. */
export interface Message extends Record<string, unknown> {
  params?: Record<string, unknown>;
}

/**
 * Reads a message. Some clients write null for what they leave out: `params` and its fields are treated as absent then,
 * except for the arguments of a call, which say what is to be done.
 */
export function messageOf(body: Record<string, unknown>): Message {
  const { params, ...message } = body;
  if (params === null || params === undefined) return message;
  if (!isRecord(params)) return body as Message;
  const given = Object.entries(params).filter(([name, value]) => value !== null || name === "arguments");
  return { ...message, params: Object.fromEntries(given) };
}
