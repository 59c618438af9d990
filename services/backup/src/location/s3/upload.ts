import { BackupError } from "../../backup-error.ts";
import type { S3Client } from "./client.ts";
import { textIn } from "./xml.ts";

/** The smallest part that S3 takes, and the most parts. Two parts are in memory at a time. */
const PART_BYTES = 5 << 20;
const MAX_PARTS = 10_000;
/** The parts become larger, so that a small backup needs little memory and a large one fits: 180 GB in all. */
const PARTS_OF_A_SIZE = 2_500;

export function partBytes(number: number): number {
  return PART_BYTES * 2 ** Math.floor((number - 1) / PARTS_OF_A_SIZE);
}

/**
 * Stores an object in one request if it is small, and else in parts that are put together at the end. One part is sent while the
 * next one is gathered. What fails leaves no part behind.
 */
export async function upload(client: S3Client, key: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const what = `store ${key.slice(key.lastIndexOf("/") + 1)}`;
  let uploadId: string | undefined;
  let sending: Promise<string> | undefined;
  const tags: string[] = [];
  const settle = async () => {
    if (sending !== undefined) tags.push(await sending);
    sending = undefined;
  };
  try {
    for await (const { part, number, last } of inParts(pieces)) {
      if (last && number === 1) {
        await client.text({ method: "PUT", key, body: part, what });
        return;
      }
      await settle();
      uploadId ??= await begin(client, key, what);
      sending = sendPart(client, { key, what, uploadId, number, part });
      // It is awaited before the next part; until then its failure must not count as unhandled.
      sending.catch(() => {});
    }
    await settle();
    await complete(client, { key, what, uploadId: uploadId ?? "", tags });
  } catch (error) {
    await sending?.catch(() => {});
    if (uploadId !== undefined) await abort(client, key, uploadId).catch(() => {});
    throw error;
  }
}

/** Gathers pieces into parts, in two buffers that take turns. */
async function* inParts(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ part: Buffer; number: number; last: boolean }> {
  let number = 1;
  const buffers: Buffer[] = [];
  const bufferOf = (part: number) => {
    const at = part % 2;
    const size = partBytes(part);
    if ((buffers[at]?.byteLength ?? 0) < size) buffers[at] = Buffer.allocUnsafeSlow(size);
    return buffers[at] ?? Buffer.alloc(size);
  };
  let buffer = bufferOf(number);
  let used = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.byteLength; ) {
      const size = partBytes(number);
      if (used === size) {
        yield { part: buffer.subarray(0, used), number, last: false };
        number += 1;
        if (number > MAX_PARTS) throw new BackupError("StorageFull", "the backup is larger than an S3 object may be.");
        buffer = bufferOf(number);
        used = 0;
        continue;
      }
      const taken = Math.min(size - used, piece.byteLength - from);
      buffer.set(piece.subarray(from, from + taken), used);
      used += taken;
      from += taken;
    }
  }
  yield { part: buffer.subarray(0, used), number, last: true };
}

async function begin(client: S3Client, key: string, what: string): Promise<string> {
  const answer = await client.text({ method: "POST", key, query: { uploads: "" }, what });
  const id = textIn(answer, "UploadId");
  if (id === undefined) throw notS3(client, what);
  return id;
}

async function sendPart(
  client: S3Client,
  { key, what, uploadId, number, part }: { key: string; what: string; uploadId: string; number: number; part: Buffer },
): Promise<string> {
  const query = { partNumber: String(number), uploadId };
  const answer = await client.send({ method: "PUT", key, query, body: part, what });
  answer?.resume();
  const tag = answer?.headers.etag;
  if (tag === undefined) throw notS3(client, what);
  return tag;
}

async function complete(
  client: S3Client,
  { key, what, uploadId, tags }: { key: string; what: string; uploadId: string; tags: readonly string[] },
): Promise<void> {
  const parts = tags.map((tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
  const body = Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`);
  const answer = await client.text({ method: "POST", key, query: { uploadId }, body, what });
  // The storage answers 200 before it knows.
  if (textIn(answer, "ETag") === undefined) {
    throw new BackupError(
      "StorageFailed",
      `the storage could not ${what}: ${textIn(answer, "Message") ?? "no reason"}. Try again.`,
    );
  }
}

/** Removes the parts of an upload that is not to be completed. */
export async function abort(client: S3Client, key: string, uploadId: string): Promise<void> {
  const what = "remove the parts of an interrupted backup";
  await client.text({ method: "DELETE", key, query: { uploadId }, missingIsFine: true, evenWhenStopped: true, what });
}

function notS3(client: S3Client, what: string): BackupError {
  const { endpoint } = client.settings;
  return new BackupError(
    "StorageFailed",
    `${endpoint} does not answer like S3 when asked to ${what}. Check the endpoint.`,
  );
}
