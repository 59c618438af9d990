import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Published by Node.js for each request of every HTTP server of the process, before anybody handles it. */
const CHANNEL = "http.server.request.start";

/** Whether a text is an IP address or a range in CIDR notation. */
export function isAddressRange(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/**
 * Makes `X-Forwarded-For` believable for whoever reads it: it stays as it is when the peer of the connection is one of the
 * trusted proxies (addresses or CIDR ranges), and is the peer's own address otherwise, since anybody can send the header.
 * Next.js hands routes neither the connection nor its server, so requests are met where Node.js announces them. Returns
 * what ends it.
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
    // Without the zone of a link-local address, which is no part of it.
    const peer = request.socket.remoteAddress?.split("%")[0];
    if (peer === undefined) delete request.headers["x-forwarded-for"];
    else if (!trusted.check(peer, isIP(peer) === 6 ? "ipv6" : "ipv4")) request.headers["x-forwarded-for"] = peer;
  };
  subscribe(CHANNEL, onRequest);
  return () => void unsubscribe(CHANNEL, onRequest);
}
