import { PASSWORD_MAX, PASSWORD_MIN } from "./limits.ts";

/**
 * Why a new password is refused: the code of the answer, and the sentence that people read. Also available as
 * `@taskassistant/contracts/password-refusals`, so that a browser can show the same sentence without loading the schemas.
 */
export const PASSWORD_REFUSALS = {
  PASSWORD_TOO_SHORT: `Use at least ${PASSWORD_MIN} characters.`,
  PASSWORD_TOO_LONG: `Use ${PASSWORD_MAX} characters or fewer.`,
  PASSWORD_BLANK: "A password can’t consist of spaces only. Add something that others can’t guess.",
  PASSWORD_COMMON: "This password is easy to guess. Choose a less common one, such as three unrelated words.",
  PASSWORD_PERSONAL:
    "This password is too much like your name or email address. Choose another one, such as three unrelated words.",
} as const;

/** The code of a refused password. */
export type PasswordRefusal = keyof typeof PASSWORD_REFUSALS;

/** Whether the code of an answer says that the password was refused. */
export function isPasswordRefusal(code: string): code is PasswordRefusal {
  return Object.hasOwn(PASSWORD_REFUSALS, code);
}
