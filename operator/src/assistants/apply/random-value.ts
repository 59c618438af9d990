import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const PASSWORD_LENGTH = 40;

/** Larger bytes are discarded, because they would make some letters likelier: 248 = 4 x 62. */
const BYTE_LIMIT = 248;

/**
 * A random value for a generated Secret: an instance id of 8 hexadecimal digits, or a password of 40 letters and digits
 * (238 bits). It has no other characters because passwords appear in URLs and environment variables without escaping.
 */
export function randomValue(kind: "password" | "instanceId"): string {
  if (kind === "instanceId") return randomBytes(4).toString("hex");
  let text = "";
  while (text.length < PASSWORD_LENGTH) {
    for (const byte of randomBytes(64)) {
      if (byte < BYTE_LIMIT && text.length < PASSWORD_LENGTH) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}
