/** An IPv4 network as its first address and its prefix length. */
export type Network = { readonly first: number; readonly bits: number };

/** The private range of RFC 2544 for benchmarks, which machines rarely use. */
const POOL: Network = { first: ipv4("198.18.0.0"), bits: 15 };
const LINK_BITS = 30;

export function ipv4(text: string): number {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new Error(`${text} is not an IPv4 address`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export const formatIpv4 = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");

/** Parses `198.18.0.0/30`. An address without a prefix is a network of one. */
export function network(text: string): Network {
  const [address = "", bits = "32"] = text.split("/");
  const size = 2 ** (32 - Number(bits));
  return { first: Math.floor(ipv4(address) / size) * size, bits: Number(bits) };
}

export function overlap(one: Network, other: Network): boolean {
  const size = 2 ** (32 - Math.min(one.bits, other.bits));
  return Math.floor(one.first / size) === Math.floor(other.first / size);
}

export type LinkAddresses = { readonly subnet: string; readonly hostAddress: string; readonly address: string };

/**
 * Chooses a /30 between the machine and a cluster's namespace that does not overlap `taken`, the machine's routes and the
 * links of other clusters. The same `id` (hex) gets the same /30 while it is free. @throws if none is free
 */
export function chooseLink(id: string, taken: readonly Network[]): LinkAddresses {
  const count = 2 ** (LINK_BITS - POOL.bits);
  const start = Number.parseInt(id, 16) % count;
  for (let step = 0; step < count; step++) {
    const first = POOL.first + ((start + step) % count) * 4;
    if (taken.some((other) => overlap({ first, bits: LINK_BITS }, other))) continue;
    return {
      subnet: `${formatIpv4(first)}/${LINK_BITS}`,
      hostAddress: formatIpv4(first + 1),
      address: formatIpv4(first + 2),
    };
  }
  throw new Error("found no free /30 in 198.18.0.0/15, because routes of this machine cover all of it");
}

/** Destinations of `ip -json route show table all` that are narrower than a default route. */
export function routedNetworks(ipRouteJson: string): Network[] {
  const routes = JSON.parse(ipRouteJson || "[]") as { dst?: string }[];
  return routes.flatMap(({ dst }) =>
    dst !== undefined && /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(dst) ? [network(dst)] : [],
  );
}
