import { isRecord } from "@taskassistant/contracts";
import type { CallPiece } from "../calls/groupings.ts";
import type { OpaqueFields } from "../driver.ts";
import { stateOnCall } from "../opaque.ts";

/** What is looked at of a name, in characters. No tool's name is this long. */
const NAME_MAX = 1_000;

/** The pieces of calls in a message or a piece of it, in whatever form the server writes them. */
export function piecesIn(message: Record<string, unknown>): CallPiece[] {
  const given = message.tool_calls;
  const calls = Array.isArray(given) ? given : isRecord(given) ? [given] : [];
  const pieces = [...calls, ...callPartsIn(message.content)].filter(isRecord).map(pieceOf);
  // The form before `tools` was invented. Servers that send both mean the same call.
  if (pieces.length === 0 && isRecord(message.function_call)) return [pieceOf({ function: message.function_call })];
  return pieces;
}

/** Calls among the parts of a content that is a list, as Claude behind gateways has them. */
function callPartsIn(content: unknown): unknown[] {
  const parts = Array.isArray(content) ? content.filter(isRecord) : [];
  return parts.filter((part) => ["tool_use", "tool_call", "function_call"].includes(String(part.type)));
}

function pieceOf(call: Record<string, unknown>): CallPiece {
  const inner = isRecord(call.function) ? call.function : call;
  const index = numberIn(call.index);
  const id = textIn(call.id) ?? textIn(call.call_id);
  const name = textIn(inner.name)?.slice(0, NAME_MAX);
  const args = argumentsIn(inner.arguments ?? inner.parameters ?? inner.input);
  const state: OpaqueFields = stateOnCall(call);
  return {
    ...(index === undefined ? {} : { index }),
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(args === undefined ? {} : { arguments: args }),
    ...(Object.keys(state).length === 0 ? {} : { state }),
  };
}

function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function textIn(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Arguments are a text by the book. llama.cpp and others send the object itself. */
function argumentsIn(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
