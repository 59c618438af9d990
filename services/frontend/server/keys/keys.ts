import { type JwksSource, TokenError, type VerificationKey } from "@taskassistant/kit/jwt";
import { importJWK } from "jose";
import type { Pool } from "pg";
import { z } from "zod";
import type { Auth } from "../auth/auth.ts";
import { withLock } from "../lock.ts";

/** How long a key is published before it signs: longer than any verifier keeps an old key set (10 minutes). */
const PUBLISHED_FIRST_MS = 11 * 60_000;
/** How long the rows are used before they are read again, and the least time between reads for unknown key ids. */
const FRESH_MS = 60_000;
const COOLDOWN_MS = 5_000;

export type SigningKey = { kid: string; key: CryptoKey };

export type Keys = JwksSource & {
  /** Makes the first signing key when there is none, and opens the one in use. Throws when the secret does not fit. */
  prepare(): Promise<void>;
  signingKey(): Promise<SigningKey>;
};

type Row = { id: string; publicKey: string; createdAt: Date; expiresAt?: Date | null };

const publicKeySchema = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string() });

/**
 * Better Auth's key set (table `jwks`), read from the database: the private half to sign with, the public halves to
 * verify the subject tokens of an exchange without asking ourselves over HTTP.
 */
export function createKeys(deps: { auth: Auth; pool: Pool; now?: () => number }): Keys {
  const { auth, pool, now = Date.now } = deps;
  let rows: Row[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let opened: SigningKey | undefined;
  const verification = new Map<string, VerificationKey>();

  const read = (): Promise<void> => {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const readOnce = async (): Promise<void> => {
    const { adapter } = await auth.$context;
    const found = await adapter.findMany<Row>({ model: "jwks" });
    const ids = new Set(found.map((row) => row.id));
    for (const kid of verification.keys()) if (!ids.has(kid)) verification.delete(kid);
    for (const row of found) {
      if (!verification.has(row.id)) verification.set(row.id, await verificationKey(row));
    }
    rows = found;
    readAt = now();
  };

  const freshRows = async (): Promise<Row[]> => {
    if (now() - readAt >= FRESH_MS) await read();
    return rows;
  };

  const signingKey = async (): Promise<SigningKey> => {
    const chosen = choose(await freshRows(), now());
    if (chosen === undefined) throw new Error("There is no signing key yet.");
    if (opened?.kid !== chosen.id) opened = await open(auth, chosen.id);
    return opened;
  };

  return {
    signingKey,
    prepare: async () => {
      await read();
      if (rows.length === 0) {
        await withLock(pool, "signing-key", async () => {
          await read();
          if (rows.length === 0) await auth.api.createSigningKey();
        });
        await read();
      }
      await signingKey();
    },
    current: (kid) => verification.get(kid),
    resolve: async (kid) => {
      await freshRows();
      if (!verification.has(kid) && now() - readAt >= COOLDOWN_MS) await read();
      const key = verification.get(kid);
      if (key === undefined) throw new TokenError("unknown_key");
      return key;
    },
  };
}

/** The newest key that has been published long enough; at the very start, the oldest there is. */
function choose(rows: Row[], now: number): Row | undefined {
  const live = rows
    .filter((row) => !row.expiresAt || row.expiresAt.getTime() > now)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return live.find((row) => row.createdAt.getTime() <= now - PUBLISHED_FIRST_MS) ?? live.at(-1);
}

async function open(auth: Auth, kid: string): Promise<SigningKey> {
  const resolved = await auth.api.openSigningKey({ body: { kid } }).catch((cause: unknown) => {
    throw new Error(
      "The signing key in the database can't be opened with this BETTER_AUTH_SECRET. Put back the secret the database was first used with.",
      { cause },
    );
  });
  if (resolved === null || resolved.privateKey instanceof Uint8Array) throw new Error(`Key ${kid} is no signing key.`);
  return { kid, key: resolved.privateKey };
}

async function verificationKey(row: Row): Promise<VerificationKey> {
  const jwk = publicKeySchema.parse(JSON.parse(row.publicKey));
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new Error(`Key ${row.id} is not a public key.`);
  return { kid: row.id, x: jwk.x, key };
}
