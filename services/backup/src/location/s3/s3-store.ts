import { BackupError } from "../../backup-error.ts";
import type { Store, Stored } from "../store.ts";
import type { S3Settings } from "./address.ts";
import { s3Client } from "./client.ts";
import { download } from "./download.ts";
import { abort, upload } from "./upload.ts";
import { elements, textIn } from "./xml.ts";

/** Objects below a prefix of a bucket. A list comes in pages of so many objects, of 1,000 unless given. */
export function s3Store(
  settings: S3Settings,
  prefix: string,
  { signal, pageSize }: { signal?: AbortSignal | undefined; pageSize?: number } = {},
): Store {
  const client = s3Client(settings, signal);
  const keyOf = (name: string) => `${prefix}${name}`;

  /** All pages of a list. `next` reads where the following page begins. */
  async function pages(
    query: Record<string, string>,
    next: (page: string) => Record<string, string> | undefined,
  ): Promise<string[]> {
    const found: string[] = [];
    let more: Record<string, string> | undefined = {};
    while (more !== undefined) {
      const page: string = await client.text({
        method: "GET",
        key: "",
        query: { ...query, prefix, ...more },
        what: "list the backups",
      });
      found.push(page);
      more = textIn(page, "IsTruncated") === "true" ? next(page) : undefined;
    }
    return found;
  }

  async function list(): Promise<Stored[]> {
    const found = await pages({ "list-type": "2", ...(pageSize && { "max-keys": String(pageSize) }) }, (page) => {
      const token = textIn(page, "NextContinuationToken");
      return token === undefined ? undefined : { "continuation-token": token };
    });
    const entries = found.flatMap((page) => elements(page, "Contents"));
    const stored = entries.map((entry) => ({
      name: (textIn(entry, "Key") ?? "").slice(prefix.length),
      bytes: Number(textIn(entry, "Size")),
      modifiedAt: new Date(textIn(entry, "LastModified") ?? 0),
    }));
    // Some storages list the folder itself.
    return stored.filter(({ name }) => name !== "" && !name.endsWith("/")).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async function removeUnfinished(before: Date): Promise<string[]> {
    const found = await pages({ uploads: "" }, (page) => {
      const [key, upload] = [textIn(page, "NextKeyMarker"), textIn(page, "NextUploadIdMarker")];
      return key === undefined ? undefined : { "key-marker": key, ...(upload && { "upload-id-marker": upload }) };
    });
    const removed: string[] = [];
    for (const entry of found.flatMap((page) => elements(page, "Upload"))) {
      const [key, id] = [textIn(entry, "Key") ?? "", textIn(entry, "UploadId")];
      if (id === undefined || !key.startsWith(prefix) || new Date(textIn(entry, "Initiated") ?? 0) >= before) continue;
      await abort(client, key, id);
      removed.push(key.slice(prefix.length));
    }
    return removed;
  }

  return {
    description: `s3://${settings.bucket}/${prefix}`,
    write: (name, parts) => upload(client, keyOf(name), parts),
    read: (name) => download(client, keyOf(name)),
    list,
    remove: async (name) => {
      await client.text({ method: "DELETE", key: keyOf(name), missingIsFine: true, what: `remove ${name}` });
    },
    removeUnfinished: (before) => removeUnfinished(before).catch(unlessNotAllowed),
    close: () => client.close(),
  };
}

/** Listing uploads needs a permission of its own, and not every storage can do it. Most have a rule that ends old ones. */
function unlessNotAllowed(error: unknown): string[] {
  if (error instanceof BackupError && ["StorageAccessDenied", "StorageFailed"].includes(error.reason)) return [];
  throw error;
}
