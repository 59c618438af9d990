import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Node.js publishes each request of every HTTP server of the process here, before any handler runs. */
const CHANNEL = "http.server.request.start";

/** Whether a text is an IP address or a range in CIDR notation. */
export function isAddressRange(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/**
 * Makes `X-Forwarded-For` trustworthy. Anyone can send the header, so it is kept only if the peer of the connection is one
 * of the trusted proxies (addresses or CIDR ranges). Otherwise it is replaced with the peer's own address. Next.js gives
 * routes neither the connection nor its server, so this follows the requests that Node.js publishes. Returns the function
 * that ends it.
 */
export function believeTrustedProxiesOnly(trustedProxies: readonly string[]): () => void {
  const trusted = new BlockList();
  for (const range of trustedProxies) {
    const [address = "", prefix] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  const onRequest = (message: unknown): void => {
    const { request } = message as { request: IncomingMessage };
    // A link-local address may carry a zone, which is not part of the address.
    // On a socket for both families, the address of an IPv4 peer is mapped into IPv6.
    const peer = request.socket.remoteAddress?.split("%")[0]?.replace(/^::ffff:(?=\d+\.)/i, "");
    if (peer === undefined) delete request.headers["x-forwarded-for"];
    else if (!trusted.check(peer, isIP(peer) === 6 ? "ipv6" : "ipv4")) request.headers["x-forwarded-for"] = peer;
  };
  subscribe(CHANNEL, onRequest);
  return () => void unsubscribe(CHANNEL, onRequest);
}
