import { errorText } from "@taskassistant/kit/failures";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";
import { BackupError } from "../backup-error.ts";

/** Encrypts and decrypts with the person's age identity. Both work in pieces and keep none. */
export interface Age {
  encrypt(parts: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** `what` names the object in messages. Throws WrongIdentity, or BackupDamaged at the piece that is not as it was written. */
  decrypt(parts: AsyncIterable<Uint8Array>, what: string): AsyncIterable<Uint8Array>;
}

const HELP =
  "Make one with age-keygen, and put its line AGE-SECRET-KEY-1... into the Secret of spec.backup.encryption.";

/**
 * Reads identities as `age-keygen` writes them: one a line, comments begin with #. The first one encrypts and each may decrypt,
 * so that a person can change to a new one and still restore.
 * @throws BackupError IdentityInvalid
 */
export async function openAge(text: string): Promise<Age> {
  const identities = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const [first] = identities;
  if (first === undefined)
    throw new BackupError("IdentityInvalid", `the encryption key holds no age identity. ${HELP}`);
  const encrypter = new Encrypter();
  const decrypter = new Decrypter();
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    encrypter.addRecipient(await identityToRecipient(first));
  } catch (cause) {
    throw new BackupError("IdentityInvalid", `the encryption key is no age identity: ${errorText(cause)}. ${HELP}`, {
      cause,
    });
  }
  return {
    encrypt: async function* encrypt(parts) {
      yield* await encrypter.encrypt(streamOf(parts));
    },
    decrypt: async function* decrypt(parts, what) {
      let trouble: unknown;
      // What the storage throws must stay what it is; the rest is the library's.
      const watched = streamOf(remember(parts, (error) => (trouble = error)));
      try {
        yield* await decrypter.decrypt(watched);
      } catch (cause) {
        throw trouble ?? decryptionError(cause, what);
      }
    },
  };
}

async function* remember(parts: AsyncIterable<Uint8Array>, note: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* parts;
  } catch (error) {
    note(error);
    throw error;
  }
}

function streamOf(parts: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return ReadableStream.from(parts) as unknown as ReadableStream<Uint8Array>;
}

function decryptionError(cause: unknown, what: string): BackupError {
  if (/no identity matched/.test(errorText(cause))) {
    return new BackupError(
      "WrongIdentity",
      `${what} is encrypted for another age identity. Put the identity that made the backup into the encryption Secret; it may stand beside a newer one, one a line.`,
      { cause },
    );
  }
  return new BackupError(
    "BackupDamaged",
    `${what} can't be decrypted: ${errorText(cause)}. It was changed or cut off after it was written; restore another backup.`,
    { cause },
  );
}
