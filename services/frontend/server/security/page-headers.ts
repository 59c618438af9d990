import { randomBytes } from "node:crypto";
import { contentSecurityPolicy, type ScriptHashes } from "./csp.ts";

/** What the headers of pages depend on. */
export interface PageHeadersDeps {
  hashes: ScriptHashes;
  /** `BETTER_AUTH_URL`. */
  publicUrl: string;
  development: boolean;
}

const YEAR_SECONDS = 31_536_000;

/** The headers that depend on the page or on the assistant's address. `next.config.ts` sets the others. */
export function createPageHeaders(deps: PageHeadersDeps) {
  const secure = deps.publicUrl.startsWith("https://");
  return (pathname: string): Record<string, string> => {
    const nonce = randomBytes(16).toString("base64");
    return {
      // Next.js would let caches keep prerendered pages for a year, past the next upgrade.
      "cache-control": "no-cache",
      "content-security-policy": contentSecurityPolicy({ ...deps, pathname, nonce }),
      ...(secure ? { "strict-transport-security": `max-age=${YEAR_SECONDS}` } : {}),
    };
  };
}
