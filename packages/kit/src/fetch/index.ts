/** Helpers around requests and answers, usable in a browser. They load no package. */
export { BodyCutError, BodyError, BodyTooLargeError, bodyChunks, readText } from "./read-text.ts";
export { retryAfter, secondsUntilRetry, WAIT_SECONDS } from "./retry-after.ts";
