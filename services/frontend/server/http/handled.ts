import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { requestIdOf } from "@taskassistant/kit/http";
import type { Logger } from "@taskassistant/kit/process";
import { problem } from "./problem.ts";

/** Answers a request. The request ID appears in logs and in the answer's `X-Request-Id`. */
export type Handler = (request: Request, requestId: string) => Response | Promise<Response>;

/**
 * Wraps every route: adds a request ID, logs one line for each answer, and answers 503 when something unexpected fails,
 * which is nearly always the database.
 */
export function handled(log: Logger, handler: Handler) {
  return async (request: Request): Promise<Response> => {
    const started = performance.now();
    const requestId = requestIdOf(request.headers);
    const { pathname: path } = new URL(request.url);
    const fields = { request_id: requestId, method: request.method, path };
    const response = await Promise.resolve()
      .then(() => handler(request, requestId))
      .catch((error: unknown) => {
        log.error({ ...fields, err: error }, "request failed");
        const detail = "The assistant can't answer right now. Try again in a moment.";
        return problem(503, "unavailable", detail, requestId, retryAfter(WAIT_SECONDS.neighbour));
      });
    response.headers.set("x-request-id", requestId);
    const duration_ms = Math.round((performance.now() - started) * 10) / 10;
    log.info({ ...fields, status: response.status, duration_ms }, "request");
    return response;
  };
}
