import { type KeyObject, sign } from "node:crypto";

/** Base64url of a JSON value, or of a text as it is (to write JSON that `JSON.stringify` never would). */
export function encodePart(part: unknown): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/** A compact JWS (RFC 7515) signed with Ed25519, whatever the header claims. */
export function signCompact(header: unknown, payload: unknown, key: KeyObject): string {
  const input = `${encodePart(header)}.${encodePart(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString("base64url")}`;
}
