import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Security headers that never vary. `proxy.ts` adds the others to pages. */
const constantHeaders = [
  { key: "x-content-type-options", value: "nosniff" },
  { key: "x-frame-options", value: "DENY" },
  { key: "referrer-policy", value: "same-origin" },
  { key: "cross-origin-opener-policy", value: "same-origin" },
  { key: "cross-origin-resource-policy", value: "same-origin" },
  { key: "permissions-policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
] as const;

/** The pages of one-time links. A link's secret stands behind `#` and is not sent, and the page's address is nobody's business. */
const linkHeaders = [
  { key: "referrer-policy", value: "no-referrer" },
  { key: "x-robots-tag", value: "noindex, nofollow, noarchive" },
] as const;

/** Must not read the environment: addresses and secrets are read when the server starts, not when it is built. */
const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  transpilePackages: ["@taskassistant/contracts", "@taskassistant/dates", "@taskassistant/db", "@taskassistant/kit"],
  // Node.js loads these itself: they open sockets, workers or native bindings that a bundle would break.
  serverExternalPackages: [
    "pg",
    "pino",
    "better-auth",
    "kysely",
    "@hono/node-server",
    // And these load a list of 50,000 passwords, once for all bundles.
    "@zxcvbn-ts/core",
    "@zxcvbn-ts/language-common",
  ],
  // Static files are compressed when they are built. Compression on request would delay streamed answers.
  compress: false,
  poweredByHeader: false,
  // No picture needs the optimizer, and its endpoint would be open to anyone.
  images: { unoptimized: true },
  // Keeps `next dev` from writing files of instructions into the working tree.
  agentRules: false,
  headers: async () => [
    { source: "/:path*", headers: [...constantHeaders] },
    { source: "/(join|new-password|people)", headers: [...linkHeaders] },
  ],
  // The routes log their own answers.
  logging: { incomingRequests: { ignore: [/^\/api\//] } },
  // `make lint` checks the types, because the workspace's compiler has no API that Next.js could call.
  typescript: { ignoreBuildErrors: true },
};

export default config;
