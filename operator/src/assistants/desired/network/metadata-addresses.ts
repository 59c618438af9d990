/**
 * Addresses where a machine gets credentials without proving anything: link-local ones, which all clouds use, and those that
 * Alibaba, Azure (IPv4), AWS and Google (IPv6) use besides.
 */
export const METADATA_V4 = ["169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32"] as const;
export const METADATA_V6 = ["fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128"] as const;

/** Prefixes before an IPv4 address in an IPv6 address: compatible, mapped, translated (RFC 6052, RFC 8215) and 6to4. */
const EMBEDDED = ["::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/96", "2002::/16"] as const;

/** Whether a host, as the URL parser writes it without brackets, is such an address, also inside an IPv6 address. */
export function isOffLimits(host: string): boolean {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return isMetadataV4(bitsOfV4(host));
  if (!host.includes(":")) return false;
  const bits = bitsOfV6(host);
  if (METADATA_V6.some((range) => isWithin(bits, range))) return true;
  return EMBEDDED.some((range) => isWithin(bits, range) && isMetadataV4(embeddedIn(bits, range)));
}

function isMetadataV4(bits: string): boolean {
  return METADATA_V4.some((range) => {
    const [address = "", length] = range.split("/");
    return bits.startsWith(bitsOfV4(address).slice(0, Number(length)));
  });
}

function isWithin(bits: string, range: string): boolean {
  const [address = "", length] = range.split("/");
  return bits.startsWith(bitsOfV6(address).slice(0, Number(length)));
}

function embeddedIn(bits: string, range: string): string {
  const start = Number(range.split("/")[1]);
  return bits.slice(start, start + 32);
}

function bitsOfV4(address: string): string {
  return address
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
}

/** `::` stands for as many groups of zeros as are missing. */
function bitsOfV6(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const zeros = address.includes("::") ? Array(8 - groups(head).length - groups(tail).length).fill("0") : [];
  return [...groups(head), ...zeros, ...groups(tail)]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}
