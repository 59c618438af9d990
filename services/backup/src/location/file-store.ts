import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorText } from "@taskassistant/kit/failures";
import { BackupError } from "../backup-error.ts";
import type { Store, Stored } from "./store.ts";

/** The ending of a file that is being written. */
const UNFINISHED = ".unfinished";

/** Objects as files of a folder, such as a mounted volume. */
export function fileStore(folder: string): Store {
  const description = `file://${folder}/`;
  const pathOf = (name: string) => join(folder, name);
  const failed = (error: unknown) => storageError(error, description);

  async function write(name: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
    const path = pathOf(name);
    const draft = `${path}${UNFINISHED}`;
    const file = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      .then(() => open(draft, "w", 0o600))
      .catch((error: unknown) => Promise.reject(failed(error)));
    try {
      for await (const part of parts) await whole(file, part).catch((error) => Promise.reject(failed(error)));
      await file.sync().catch((error) => Promise.reject(failed(error)));
    } catch (error) {
      await file.close();
      await rm(draft, { force: true });
      throw error;
    }
    await file.close();
    await rename(draft, path).catch((error) => Promise.reject(failed(error)));
    await syncFolder(dirname(path));
  }

  async function files(): Promise<Stored[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessMissing);
    const found: Stored[] = [];
    for (const entry of entries ?? []) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      // Another program may remove it in between.
      const facts = await stat(path).catch(unlessMissing);
      if (facts) found.push({ name: path.slice(folder.length + 1), bytes: facts.size, modifiedAt: facts.mtime });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  const list = () => files().catch((error: unknown) => Promise.reject(failed(error)));

  async function remove(name: string): Promise<void> {
    await rm(pathOf(name), { force: true }).catch((error) => Promise.reject(failed(error)));
    // A folder of a backup without files is of no use. One with files stays.
    if (name.includes("/")) await rmdir(dirname(pathOf(name))).catch(() => undefined);
  }

  return {
    description,
    write,
    read: (name) => readFrom(pathOf(name), description, failed),
    list: async () => (await list()).filter(({ name }) => !name.endsWith(UNFINISHED)),
    remove,
    removeUnfinished: async (before) => {
      const old = (await list()).filter(({ name, modifiedAt }) => name.endsWith(UNFINISHED) && modifiedAt < before);
      for (const { name } of old) await remove(name);
      return old.map(({ name }) => name.slice(0, -UNFINISHED.length));
    },
    close: () => {},
  };
}

async function* readFrom(
  path: string,
  description: string,
  failed: (error: unknown) => BackupError,
): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw failed(error);
    throw new BackupError("BackupNotFound", `there is no ${path.slice(path.lastIndexOf("/") + 1)} in ${description}.`);
  }
}

/** A write of the system may take a part of what it is given. */
async function whole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    written += (await file.write(bytes, written, bytes.byteLength - written)).bytesWritten;
  }
}

/** Makes the file's name as durable as its content. Not every file system can do it for a folder. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function storageError(error: unknown, description: string): BackupError {
  if (error instanceof BackupError) return error;
  const code = codeOf(error);
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) {
    return new BackupError(
      "StorageFull",
      `there is no room left in ${description}. Enlarge the volume or keep fewer backups, then try again.`,
      { cause: error },
    );
  }
  if (["EACCES", "EPERM", "EROFS"].includes(code)) {
    return new BackupError(
      "StorageAccessDenied",
      `${description} can't be written or read: ${errorText(error)}. Mount the volume so that the pod's user may write to it.`,
      { cause: error },
    );
  }
  return new BackupError("StorageFailed", `${description} failed: ${errorText(error)}. Check the volume.`, {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function unlessMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
  return undefined;
}
