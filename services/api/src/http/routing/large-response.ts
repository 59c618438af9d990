import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { type Budget, createBudget, heldBody } from "@taskassistant/kit/guard";
import { ProblemError } from "@taskassistant/kit/http";

/** All large responses that wait for their readers, and those of one user, in bytes. */
const RESPONSES_MAX = 32 * 1024 * 1024;
const RESPONSES_OF_USER_MAX = 8 * 1024 * 1024;
/** How long one may wait before it gives way, in milliseconds. */
const HOLD_MS = 5_000;
/** Responses below this size, in bytes, are not counted. */
const SMALL = 16 * 1024;

/** Responds with JSON of any size, without letting readers who take nothing fill the memory. */
export type RespondJson = (userId: string, value: unknown, headers?: Record<string, string>) => Response;

/** Throws a 503 problem when too much waits for its readers already. */
export function createRespondJson(
  budget: Budget = createBudget({ bytes: RESPONSES_MAX, bytesPerOwner: RESPONSES_OF_USER_MAX, holdMs: HOLD_MS }),
): RespondJson {
  return (userId, value, headers = {}) => {
    const text = JSON.stringify(value);
    const withType = { ...headers, "content-type": "application/json" };
    if (text.length < SMALL) return new Response(text, { headers: withType });
    const bytes = new TextEncoder().encode(text);
    const body = heldBody(budget, userId, bytes);
    if (body === undefined) {
      const detail = "Too many answers wait to be read. Read those you asked for, or try again in a moment.";
      throw new ProblemError("unavailable", detail, { headers: retryAfter(WAIT_SECONDS.readers) });
    }
    return new Response(body, { headers: { ...withType, "content-length": String(bytes.byteLength) } });
  };
}
