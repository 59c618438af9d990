import { createHash, timingSafeEqual } from "node:crypto";
import { API_CLIENT_ID } from "@taskassistant/contracts";

const BASIC = /^basic +([a-z0-9+/]+=*)$/i;
/** Maximum length of the header, in characters. */
const HEADER_MAX = 2_048;

/**
 * Creates the check whether an `Authorization` header holds the API's credentials (client_secret_basic, RFC 6749, section
 * 2.3.1: both halves are form encoded). It takes as long for a wrong secret as for the right one.
 */
export function createClientCheck(secret: string): (header: string | undefined) => boolean {
  const expected = digest(`${API_CLIENT_ID}:${secret}`);
  return (header) => timingSafeEqual(digest(credentialsOf(header)), expected);
}

function credentialsOf(header: string | undefined): string {
  const encoded = header !== undefined && header.length <= HEADER_MAX ? BASIC.exec(header)?.[1] : undefined;
  if (encoded === undefined) return "";
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0) return "";
  try {
    return `${formDecode(decoded.slice(0, colon))}:${formDecode(decoded.slice(colon + 1))}`;
  } catch {
    return "";
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", "%20"));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
