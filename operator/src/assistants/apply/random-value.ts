import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PASSWORD_LENGTH = 40;

/** Bytes from here on would make some letters likelier: 248 = 4 x 62. */
const LEAST_UNFAIR_BYTE = 248;

/**
 * A random value for a generated Secret: 8 hexadecimal digits that tell instances apart, or a password of 40 letters and
 * digits (238 bits). Nothing else is in it, because a password stands in URLs and environment variables without escaping.
 */
export function drawValue(kind: "password" | "instanceId"): string {
  if (kind === "instanceId") return randomBytes(4).toString("hex");
  let text = "";
  while (text.length < PASSWORD_LENGTH) {
    for (const byte of randomBytes(64)) {
      if (byte < LEAST_UNFAIR_BYTE && text.length < PASSWORD_LENGTH) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}
