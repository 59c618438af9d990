/**
 * Why a one-time link can't be used: the code of the answer, and the sentence that people read. Also available as
 * `@taskassistant/contracts/link-refusals`, so that a browser can show the same sentence without loading the schemas.
 */
export const LINK_REFUSALS = {
  LINK_UNKNOWN: "This link is not valid. Check that you copied all of it, or ask your administrator for a new one.",
  LINK_USED:
    "This link has been used, and each link works only once. If you used it, sign in. Otherwise ask your administrator for a new one.",
  LINK_EXPIRED: "This link has expired. Ask your administrator for a new one.",
  LINK_REVOKED: "This link was withdrawn. Ask your administrator for a new one.",
} as const;

/** The code of a refused link. */
export type LinkRefusal = keyof typeof LINK_REFUSALS;

/** Whether the code of an answer says that the link can't be used. */
export function isLinkRefusal(code: string): code is LinkRefusal {
  return Object.hasOwn(LINK_REFUSALS, code);
}
