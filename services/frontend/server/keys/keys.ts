import { type JwksSource, TokenError, type VerificationKey } from "@taskassistant/kit/jwt";
import { importJWK } from "jose";
import type { Pool } from "pg";
import { z } from "zod";
import type { Auth } from "../auth/auth.ts";
import { withLock } from "../lock.ts";

/** How long a key is published before it signs. Longer than any verifier keeps a key set (10 minutes). */
const PUBLISHED_FIRST_MS = 11 * 60_000;
/** How long the rows are used before they are read again. */
const FRESH_MS = 60_000;
/** Minimum time between two reads for unknown key IDs. */
const COOLDOWN_MS = 5_000;

/** The private half of a key and its ID. */
export interface SigningKey {
  kid: string;
  key: CryptoKey;
}

/** The keys of the identity chain. */
export interface Keys extends JwksSource {
  /** Creates the first signing key if there is none, and opens the current one. Throws if the secret does not fit. */
  prepare(): Promise<void>;
  signingKey(): Promise<SigningKey>;
}

interface Row {
  id: string;
  publicKey: string;
  createdAt: Date;
  expiresAt?: Date | null;
}

const publicKeySchema = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string() });

/**
 * Better Auth's key set (table `jwks`), read from the database. The private half signs, and the public halves verify the
 * subject tokens of an exchange without an HTTP request to this same server.
 */
export function createKeys(deps: { auth: Auth; pool: Pool; now?: () => number }): Keys {
  const { auth, pool, now = Date.now } = deps;
  let rows: Row[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  let opened: SigningKey | undefined;
  const verification = new Map<string, VerificationKey>();

  function read(): Promise<void> {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readOnce(): Promise<void> {
    const { adapter } = await auth.$context;
    const found = await adapter.findMany<Row>({ model: "jwks" });
    const ids = new Set(found.map((row) => row.id));
    for (const kid of verification.keys()) if (!ids.has(kid)) verification.delete(kid);
    for (const row of found) {
      if (!verification.has(row.id)) verification.set(row.id, await verificationKey(row));
    }
    rows = found;
    readAt = now();
  }

  async function freshRows(): Promise<Row[]> {
    if (now() - readAt >= FRESH_MS) await read();
    return rows;
  }

  async function signingKey(): Promise<SigningKey> {
    const chosen = choose(await freshRows(), now());
    if (chosen === undefined) throw new Error("There is no signing key yet.");
    if (opened?.kid !== chosen.id) opened = await open(auth, chosen.id);
    return opened;
  }

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

/** The newest key that has been published long enough, or the oldest one while there is none. */
function choose(rows: Row[], now: number): Row | undefined {
  const live = rows
    .filter((row) => !row.expiresAt || row.expiresAt.getTime() > now)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  return live.find((row) => row.createdAt.getTime() <= now - PUBLISHED_FIRST_MS) ?? live.at(-1);
}

async function open(auth: Auth, kid: string): Promise<SigningKey> {
  const resolved = await auth.api.openSigningKey({ body: { kid } }).catch((cause: unknown) => {
    throw new Error(
      "The signing key in the database can't be opened with this BETTER_AUTH_SECRET. Put back the secret that the database was created with.",
      { cause },
    );
  });
  if (resolved === null || resolved.privateKey instanceof Uint8Array)
    throw new Error(`Key ${kid} is not a signing key.`);
  return { kid, key: resolved.privateKey };
}

async function verificationKey(row: Row): Promise<VerificationKey> {
  const jwk = publicKeySchema.parse(JSON.parse(row.publicKey));
  const key = await importJWK(jwk, "EdDSA");
  if (key instanceof Uint8Array) throw new Error(`Key ${row.id} is not a public key.`);
  return { kid: row.id, x: jwk.x, key };
}
