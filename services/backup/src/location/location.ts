import { fileURLToPath } from "node:url";
import { BackupError } from "../backup-error.ts";

/** Where one backup, or all backups of one assistant, are stored. */
export type Location =
  | { readonly kind: "file"; readonly folder: string }
  | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string };

/**
 * Reads `file:///folder/ID/` or `s3://bucket/prefix/ID/`. The trailing slash may be missing.
 * @throws BackupError LocationInvalid
 */
export function parseLocation(text: string): Location {
  let url: URL;
  try {
    url = new URL(text.endsWith("/") ? text : `${text}/`);
  } catch (cause) {
    throw invalid(text, "it is no URL", cause);
  }
  if (url.search !== "" || url.hash !== "" || url.username !== "") throw invalid(text, "it has more than a path");
  if (url.protocol === "file:") {
    if (url.host !== "") throw invalid(text, "a path begins with file:/// (three slashes)");
    const folder = fileURLToPath(url).replace(/\/+$/, "");
    if (folder === "") throw invalid(text, "it names the root folder");
    return { kind: "file", folder };
  }
  if (url.protocol !== "s3:") throw invalid(text, "it begins with neither s3:// nor file:///");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname)) {
    throw invalid(text, `'${url.hostname}' is not the name of a bucket`);
  }
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+/, "");
  if (/(^|\/)\.{1,2}\//.test(prefix) || prefix.includes("//"))
    throw invalid(text, "its path has empty or dotted parts");
  return { kind: "s3", bucket: url.hostname, prefix };
}

function invalid(text: string, why: string, cause?: unknown): BackupError {
  return new BackupError(
    "LocationInvalid",
    `the location '${text}' can't be used: ${why}. Write s3://bucket/prefix/ or file:///folder/.`,
    { cause },
  );
}
