/** Hashes of the inline scripts of each prerendered page, by path; written after the build. */
export type ScriptHashes = Record<string, readonly string[]>;

export type PolicyOptions = {
  /** Path of the page, such as `/sign-in`. */
  pathname: string;
  hashes: ScriptHashes;
  /** For pages that are not prerendered: Next.js puts it on its own inline scripts. */
  nonce: string;
  /** `next dev` evaluates code and injects scripts of its own. */
  development: boolean;
};

/**
 * The Content-Security-Policy of a page. Scripts: our own files, plus the inline scripts the page was built with, by
 * their hashes. A page made per request gets its nonce instead, and the hashes of all pages for what the layout inlines.
 * Styles may be inline: the positioned parts of the interface (menus, dialogs) set them while they run.
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
