/** An address of the machine, of which this code looks at the family only. */
interface Address {
  readonly family: string;
}

/**
 * What Next.js shall listen on. `::` serves IPv4 and IPv6, but a kernel without IPv6 refuses it, and there the loopback device
 * has no IPv6 address.
 */
export function listenAddress(hostname: string, addresses: readonly Address[]): string {
  const hasIpv6 = addresses.some(({ family }) => family === "IPv6");
  return hostname === "::" && !hasIpv6 ? "0.0.0.0" : hostname;
}
