/** Hashes of the inline scripts of each prerendered page, by path. `scripts/after-build.ts` writes them. */
export type ScriptHashes = Record<string, readonly string[]>;

/** What a page's policy depends on. */
export interface PolicyOptions {
  /** Path of the page, such as `/sign-in`. */
  pathname: string;
  hashes: ScriptHashes;
  /** Next.js puts it on the inline scripts of pages that are not prerendered. */
  nonce: string;
  /** `next dev` evaluates code and injects its own scripts. */
  development: boolean;
}

/**
 * The Content-Security-Policy of a page. It allows our own script files and, by hash, the inline scripts the page was
 * built with. A page rendered on request gets a nonce instead, and the hashes of all pages because the layout inlines
 * scripts too. Inline styles are allowed because menus and dialogs use them for their position.
 */
export function contentSecurityPolicy(options: PolicyOptions): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${scriptSources(options).join(" ")}`.trimEnd(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${options.development ? " ws:" : ""}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function scriptSources({ pathname, hashes, nonce, development }: PolicyOptions): string[] {
  if (development) return ["'unsafe-eval'", "'unsafe-inline'"];
  const own = hashes[pathname];
  if (own !== undefined) return [...own];
  const all = new Set(Object.values(hashes).flat());
  return [`'nonce-${nonce}'`, ...all];
}
