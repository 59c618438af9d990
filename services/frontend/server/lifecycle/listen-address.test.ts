import { expect, it } from "vitest";
import { listenAddress } from "./listen-address.ts";

const v4 = { family: "IPv4" };
const v6 = { family: "IPv6" };

it.each([
  ["both families where the machine has both", "::", [v4, v6], "::"],
  ["both families where the machine has IPv6 alone", "::", [v6], "::"],
  ["IPv4 where the kernel has no IPv6", "::", [v4], "0.0.0.0"],
  ["the one address that was asked for", "127.0.0.1", [v4], "127.0.0.1"],
])("Next.js listens on %s", (_what, hostname, addresses, expected) => {
  expect(listenAddress(hostname, addresses)).toBe(expected);
});
