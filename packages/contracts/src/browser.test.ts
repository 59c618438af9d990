import { build } from "esbuild";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };

/** What a browser may import; the main entry has the schemas and stays on servers. */
const forBrowsers = Object.entries(manifest.exports).filter(([name]) => name !== ".");

test.each(forBrowsers)(
  "%s loads no package, so that a browser does not load the schemas with it",
  async (_name, file) => {
    const bundled = await build({
      entryPoints: [new URL(`../${file}`, import.meta.url).pathname],
      bundle: true,
      format: "esm",
      platform: "browser",
      write: false,
      metafile: true,
    });
    expect(Object.keys(bundled.metafile.inputs).filter((input) => input.includes("node_modules"))).toEqual([]);
  },
);
