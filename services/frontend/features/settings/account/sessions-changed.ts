/** The event of the window after which the list of sessions is out of date. */
export const CHANGED = "sessions-changed";
