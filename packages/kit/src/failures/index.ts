/** What to do about things that fail. Depends on nothing, so that a browser can load it. */
export { type Backoff, backoffMs } from "./backoff.ts";
export { withDeadline } from "./deadline.ts";
export { errorText, errorTextWithCause } from "./error-text.ts";
export { plainJson, plainText } from "./plain-text.ts";
