import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Nothing here may read the environment: addresses and secrets are read when the server starts, never when it is built. */
const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: repository,
  turbopack: { root: repository },
  transpilePackages: ["@taskassistant/contracts", "@taskassistant/db", "@taskassistant/kit"],
  // Loaded by Node.js itself: they open sockets, workers or native bindings that a bundle would break.
  serverExternalPackages: ["pg", "pino", "better-auth", "kysely", "@hono/node-server"],
  // Compression belongs to the ingress; here it would hold back streamed answers.
  compress: false,
  poweredByHeader: false,
  // `npm run lint` checks the types with the workspace's own compiler, which has no API that Next could call.
  typescript: { ignoreBuildErrors: true },
};

export default config;
