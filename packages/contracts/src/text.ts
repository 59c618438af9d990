/** The database can't hold U+0000 in text, so no text of a user may. */
export const withoutNul = (text: string): boolean => !text.includes("\0");

export const NO_NUL = "contains a NUL character (U+0000); remove it";
