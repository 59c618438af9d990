import { ProviderError } from "../errors.ts";
import { documentIn } from "./frame.ts";
import type { Payload } from "./payloads.ts";

/** The document of a payload that is no part of an answer; undefined for everything else. */
export function foreignDocument(payload: Payload | undefined): Record<string, unknown> | undefined {
  const body = payload === undefined || payload.type === "end" ? undefined : documentIn(payload.value);
  return body === undefined || "choices" in body ? undefined : body;
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
