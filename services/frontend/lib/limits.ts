/**
 * The limits of the wire contract, repeated so that the browser does not load the schemas for a few numbers. A
 * test holds them to `@taskassistant/contracts`.
 */
export const TITLE_MAX = 500;
export const NOTES_MAX = 20_000;
export const MESSAGE_MAX = 16_000;
