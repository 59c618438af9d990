/** What to do about things that fail. Depends on nothing, so that a browser can load it. */
export { errorText, errorTextWithCause } from "./error-text.ts";
