/**
 * Whether a URL is reached without the proxy. The rules are those of undici's `EnvHttpProxyAgent`, which the API uses: `*`, a
 * host with all below it, or `*.example.com` for those below it alone, each with a port or without.
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/EnvHttpProxyAgent.md
 */
export function goesDirect(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase().replace(/[.]$/, "");
  const port = url.port || (url.protocol === "http:" ? "80" : "443");
  const entries = noProxy.split(/[,\s]/).filter((entry) => entry !== "");
  return entries.some((entry) => matches(entry.toLowerCase(), host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  const [, name = entry, ownPort] = /^([^:]+|\[.+\]):(\d+)$/.exec(entry) ?? [];
  if (ownPort !== undefined && ownPort !== port) return false;
  const bare = name.replace(/^[*]?[.]/, "");
  return name === "*" || (host === bare && !name.startsWith("*.")) || host.endsWith(`.${bare}`);
}
