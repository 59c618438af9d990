import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { type Budget, createBudget, heldBody } from "@taskassistant/kit/guard";
import { ProblemError } from "@taskassistant/kit/http";

/** All large answers that wait for their readers, and those of one user, in bytes. */
const ANSWERS_MAX = 32 * 1024 * 1024;
const ANSWERS_OF_USER_MAX = 8 * 1024 * 1024;
/** How long one may wait before it gives way, in milliseconds. */
const HOLD_MS = 5_000;
/** Answers below this size, in bytes, are not counted. */
const SMALL = 16 * 1024;

/** Answers with JSON of any size, without letting readers who take nothing fill the memory. */
export type AnswerJson = (userId: string, value: unknown, headers?: Record<string, string>) => Response;

/** Throws a 503 problem when too much waits for its readers already. */
export function createAnswerJson(
  budget: Budget = createBudget({ bytes: ANSWERS_MAX, bytesPerOwner: ANSWERS_OF_USER_MAX, holdMs: HOLD_MS }),
): AnswerJson {
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
