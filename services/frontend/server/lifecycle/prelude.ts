import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { consoleAsLines } from "./console-lines.ts";
import { listenAddress } from "./listen-address.ts";
import { guardPages } from "./page-server.ts";

/** What runs before Next.js: `scripts/after-build.ts` bundles it and lets `server.js` import it first. */
consoleAsLines(console, (line) => process.stdout.write(line));
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
// Next.js reads its address from here.
const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
process.env.HOSTNAME = listenAddress(process.env.HOSTNAME ?? "::", addresses);
guardPages(Number(process.env.PORT ?? 3000), join(import.meta.dirname, ".next/static"));
