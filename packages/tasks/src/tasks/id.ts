import { randomBytes } from "node:crypto";

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new task id: `t_` and 60 random bits as 12 characters of Crockford base32. */
export function newTaskId(): string {
  return `t_${Array.from(randomBytes(12), (byte) => CROCKFORD.charAt(byte & 31)).join("")}`;
}
