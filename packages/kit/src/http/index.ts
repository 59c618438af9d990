/** What every Hono server has: a listener that drains, problems (RFC 9457), request ids, rate limits. */
export { type Listener, type ListenOptions, listen } from "./listen.ts";
export {
  bodyProblem,
  notFoundProblem,
  ProblemError,
  type ProblemOptions,
  problemHandler,
  problemResponse,
} from "./problem.ts";
export { createRateLimit, type RateLimit } from "./rate-limit.ts";
export { accessLog, requestId, requestIdOf } from "./request-id.ts";
