/** Runs of the characters a compact JWS is made of. Each is taken whole, so that no text is looked at twice. */
const DOTTED = /[\w.-]{20,}/g;
const POSTGRES_URL = /postgres(?:ql)?:\/\/[^\s"]*/g;

/**
 * A text without what looks like a compact JWS or a database password. Takes time linear in its length, because
 * callers choose what is logged before they are authenticated.
 */
export function withoutSecrets(text: string): string {
  return text.replace(DOTTED, withoutTokens).replace(POSTGRES_URL, withoutPassword);
}

/** The header of every JWS begins with `{"`, which is `eyJ` in base64url; payload and signature follow. */
function withoutTokens(run: string): string {
  const parts = run.split(".");
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? "";
    const start = part.indexOf("eyJ");
    const isToken =
      start >= 0 && part.length - start > 10 && (parts[index + 1] ?? "") !== "" && index + 2 < parts.length;
    kept.push(isToken ? `${part.slice(0, start)}[token]` : part);
    if (isToken) index += 2;
  }
  return kept.join(".");
}

function withoutPassword(url: string): string {
  const user = url.indexOf("://") + 3;
  const colon = url.indexOf(":", user);
  const at = url.lastIndexOf("@");
  return colon < 0 || at < colon ? url : `${url.slice(0, colon)}:[redacted]${url.slice(at)}`;
}
