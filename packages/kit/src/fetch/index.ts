/** Reading what another server, or a client, sent. Depends on nothing. */
export { BodyTooLargeError, readText } from "./read-text.ts";
