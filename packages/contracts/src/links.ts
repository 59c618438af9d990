/** The pages that links of each kind open; the secret stands behind `#`, which browsers send to no server. */
export const LINK_PAGES = { invitation: "/join", password: "/new-password" } as const;

/** What a link is for. */
export type LinkKind = keyof typeof LINK_PAGES;

/** Days for which a link works: unless somebody asks for another number, and at most. */
export const LINK_DAYS = { invitation: { usual: 7, max: 30 }, password: { usual: 1, max: 7 } } as const;

/** Maximum length of the name of a person. */
export const NAME_MAX = 80;
