import { TOKEN_MAX } from "@taskassistant/contracts/limits";

const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

/**
 * The token of an `Authorization: Bearer` header (RFC 6750, section 2.1), or undefined when there is none or the header
 * is anything else (another scheme, two headers joined by a comma).
 */
export function bearerToken(header: string | null | undefined): string | undefined {
  if (header === null || header === undefined || header.length > TOKEN_MAX + 32) return undefined;
  return BEARER.exec(header)?.[1];
}
