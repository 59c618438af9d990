import { isRecord } from "@taskassistant/contracts";

/** The document inside what gateways put around it: a list, or an envelope such as `{"success": true, "data": {...}}`. */
export function documentIn(value: unknown): Record<string, unknown> | undefined {
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (!isRecord(body)) return undefined;
  if ("choices" in body) return body;
  return [body.data, body.result, body.response].filter(isRecord).find(({ choices }) => Array.isArray(choices)) ?? body;
}

/** The choice that is read. Servers send one, and some count from 1. */
export function firstChoice({ choices }: Record<string, unknown>): Record<string, unknown> | undefined {
  const list = Array.isArray(choices) ? choices.filter(isRecord) : [];
  return list.find((choice) => choice.index === 0) ?? list.find((choice) => choice.index === undefined) ?? list[0];
}

/** The error that a document tells, wherever it stands; undefined where it tells none. */
export function errorIn(body: Record<string, unknown>): unknown {
  if (isGiven(body.error)) return body.error;
  // vLLM, Mistral
  if (body.object === "error") return body;
  // MiniMax
  const { base_resp: status } = body;
  if (isRecord(status) && isGiven(status.status_code)) {
    return { message: status.status_msg, code: String(status.status_code) };
  }
  // OpenRouter
  const choice = firstChoice(body);
  if (choice !== undefined) return isGiven(choice.error) ? choice.error : undefined;
  const saysWhy = typeof body.message === "string" || typeof body.detail === "string";
  return saysWhy && statusIn(body) !== undefined ? body : undefined;
}

function isGiven(error: unknown): boolean {
  return error !== undefined && error !== null && error !== false && error !== "" && error !== 0;
}

/** The HTTP status that an error inside an answer names. */
export function statusIn(error: unknown): number | undefined {
  if (!isRecord(error)) return undefined;
  const named = [error.status_code, error.status, error.code].map(Number);
  return named.find((status) => Number.isInteger(status) && status >= 400 && status < 600);
}
