import type { IncomingMessage } from "node:http";
import { withDeadline } from "@taskassistant/kit/failures";
import { BackupError } from "../../backup-error.ts";
import type { S3Client } from "./client.ts";
import { networkError } from "./errors.ts";

/** Longest silence while there is more to come. */
const SILENCE_MS = 60_000;
/** How often reading goes on where it broke off, without a byte in between. */
const RESUMES = 5;

/**
 * The object from its beginning. Whoever reads may take as long as they like: where the storage hangs up meanwhile, reading goes
 * on from the same byte of the same object.
 */
export async function* download(client: S3Client, key: string): AsyncGenerator<Uint8Array> {
  const name = key.slice(key.lastIndexOf("/") + 1);
  let at = 0;
  let tag: string | undefined;
  let length = Number.POSITIVE_INFINITY;
  let broken = 0;
  while (at < length) {
    const headers = at === 0 ? {} : { Range: `bytes=${at}-`, ...(tag === undefined ? {} : { "If-Match": tag }) };
    const answer = await client.send({ method: "GET", key, headers, missingIsFine: true, what: `read ${name}` });
    if (answer === undefined) {
      const { bucket } = client.settings;
      throw new BackupError(
        "BackupNotFound",
        `there is no ${name} in bucket '${bucket}' below ${key.slice(0, -name.length)}.`,
      );
    }
    if (at > 0 && answer.statusCode !== 206) {
      answer.destroy();
      throw new BackupError("StorageFailed", `the storage broke off ${name} and can't go on in its middle. Try again.`);
    }
    tag ??= answer.headers.etag;
    length = at + Number(answer.headers["content-length"] ?? Number.POSITIVE_INFINITY);
    try {
      for await (const piece of withoutSilence(answer)) {
        at += piece.byteLength;
        broken = 0;
        yield piece;
      }
      if (length === Number.POSITIVE_INFINITY) return;
    } catch (error) {
      broken += 1;
      if (broken > RESUMES) throw networkError(error, client.settings);
    } finally {
      answer.destroy();
    }
  }
}

async function* withoutSilence(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  const pieces = (answer as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  for (;;) {
    const silent = () => new Error(`no data for ${SILENCE_MS / 1000} s`);
    const next = await withDeadline(pieces.next(), SILENCE_MS, silent);
    if (next.done === true) return;
    yield next.value;
  }
}
