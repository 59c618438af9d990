import { consoleAsLines } from "./console-lines.ts";
import { guardPages } from "./page-server.ts";

/** What runs before Next.js: `scripts/after-build.ts` bundles it and lets `server.js` import it first. */
consoleAsLines(console, (line) => process.stdout.write(line));
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
guardPages(Number(process.env.PORT ?? 3000));
