import { type Budget, createBudget } from "./budget.ts";
import { heldBody } from "./held-body.ts";

/** All large responses that wait for their readers, and those of one user, in bytes. */
const RESPONSES_MAX = 32 * 1024 * 1024;
const RESPONSES_OF_USER_MAX = 8 * 1024 * 1024;
/** How long one may wait before it gives way, in milliseconds. */
const HOLD_MS = 5_000;
/** Responses below this size, in bytes, are not counted. */
const SMALL = 16 * 1024;

/** What the large responses of a process share while they wait for their readers. */
export function createResponseBudget(): Budget {
  return createBudget({ bytes: RESPONSES_MAX, bytesPerOwner: RESPONSES_OF_USER_MAX, holdMs: HOLD_MS });
}

/**
 * A response that, if it is large, counts against the budget until its reader has taken all of it or has left. Undefined when the
 * budget does not allow it; then answer 503.
 */
export function heldResponse(
  budget: Budget,
  userId: string,
  content: string | Uint8Array<ArrayBuffer>,
  init: { status?: number; headers: Record<string, string> },
): Response | undefined {
  if (content.length < SMALL) return new Response(content, init);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const body = heldBody(budget, userId, bytes);
  const headers = { ...init.headers, "content-length": String(bytes.byteLength) };
  return body && new Response(body, { ...init, headers });
}
