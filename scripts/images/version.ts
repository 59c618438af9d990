import manifest from "../../package.json" with { type: "json" };

/** Version the images carry. */
export const VERSION = manifest.version;
