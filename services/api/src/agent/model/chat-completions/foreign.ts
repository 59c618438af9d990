import { isRecord } from "@taskassistant/contracts";
import { ProviderError } from "../errors.ts";
import type { Payload } from "./payloads.ts";

/** The document of a payload that is no part of an answer; undefined for everything else. */
export function foreignDocument(payload: Payload): Record<string, unknown> | undefined {
  if (payload.type === "end" || !isRecord(payload.value)) return undefined;
  return "choices" in payload.value ? undefined : payload.value;
}

/** Whether an answer came as one JSON document, in which nothing else follows. */
export function isJson(response: Response): boolean {
  return /^application\/([\w.-]+[+])?json\b/i.test(response.headers.get("content-type") ?? "");
}

/** What such a document means: an error without the usual frame, or an API of something else. */
export function foreignError(body: Record<string, unknown>): ProviderError {
  const isError = body.object === "error" || typeof body.message === "string" || body.detail !== undefined;
  return new ProviderError({ status: isError ? undefined : 404, body });
}
