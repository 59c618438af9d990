import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Security headers that never vary; `proxy.ts` adds the others to pages. */
const constantHeaders = [
  { key: "x-content-type-options", value: "nosniff" },
  { key: "x-frame-options", value: "DENY" },
  { key: "referrer-policy", value: "same-origin" },
  { key: "cross-origin-opener-policy", value: "same-origin" },
  { key: "cross-origin-resource-policy", value: "same-origin" },
  { key: "permissions-policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
] as const;

/** Nothing here may read the environment: addresses and secrets are read when the server starts, never when it is built. */
const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  transpilePackages: ["@taskassistant/contracts", "@taskassistant/dates", "@taskassistant/db", "@taskassistant/kit"],
  // Loaded by Node.js itself: they open sockets, workers or native bindings that a bundle would break.
  serverExternalPackages: ["pg", "pino", "better-auth", "kysely", "@hono/node-server"],
  // Compression belongs to the ingress; here it would hold back streamed answers.
  compress: false,
  poweredByHeader: false,
  // No picture here needs the optimizer, and its endpoint would be open to strangers.
  images: { unoptimized: true },
  // No files of instructions written into the working tree by `next dev`.
  agentRules: false,
  headers: async () => [{ source: "/:path*", headers: [...constantHeaders] }],
  // The routes log their answers themselves.
  logging: { incomingRequests: { ignore: [/^\/api\//] } },
  // `make lint` checks the types: the workspace's compiler has no API that Next.js could call.
  typescript: { ignoreBuildErrors: true },
};

export default config;
