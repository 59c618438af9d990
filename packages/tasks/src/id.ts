import { randomBytes } from "node:crypto";

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new id: a letter for the noun, and 60 random bits as 12 characters of Crockford base32. */
export function newId(noun: "t" | "p" | "g"): string {
  return `${noun}_${Array.from(randomBytes(12), (byte) => CROCKFORD.charAt(byte & 31)).join("")}`;
}
