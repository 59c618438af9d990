import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { type Budget, createResponseRoom, jsonSize } from "@taskassistant/kit/guard";
import { ProblemError } from "@taskassistant/kit/http";

/** Responds with JSON of any size, without letting readers who take nothing fill the memory. */
export type RespondJson = (userId: string, value: unknown, headers?: Record<string, string>) => Response;

/** Throws a 503 problem, before it makes the JSON, when too much waits for its readers already. */
export function createRespondJson(budget: Budget): RespondJson {
  return (userId, value, headers = {}) => {
    const withType = { ...headers, "content-type": "application/json" };
    const room = createResponseRoom(budget, userId);
    const response = room.take(jsonSize(value).bytes)
      ? room.respond(JSON.stringify(value), { headers: withType })
      : undefined;
    if (response !== undefined) return response;
    throw tooManyUnread();
  };
}

/** Too much waits for its readers already. */
export function tooManyUnread(): ProblemError {
  const detail = "Too many answers wait to be read. Read those you asked for, or try again in a moment.";
  return new ProblemError("unavailable", detail, { headers: retryAfter(WAIT_SECONDS.readers) });
}
