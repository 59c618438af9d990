import { type CryptoKey, importJWK } from "jose";
import { z } from "zod";
import { readText } from "../fetch/read-text.ts";

/** Maximum size of a key set in bytes, and maximum number of keys in it. */
const DOCUMENT_MAX = 256 * 1024;
const KEYS_MAX = 200;

const documentSchema = z.object({ keys: z.array(z.looseObject({})).max(KEYS_MAX) });
const keySchema = z.object({
  kid: z.string().min(1).max(256),
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string().regex(/^[\w-]{43}$/),
  alg: z.literal("EdDSA").optional(),
  use: z.literal("sig").optional(),
});

/** A verification key; `x` is the public key itself, which identifies the same key in two fetches. */
export type VerificationKey = { kid: string; x: string; key: CryptoKey };

/**
 * Fetches a JSON Web Key Set (RFC 7517) and keeps its Ed25519 signature keys. Throws when the answer is not a key set
 * or holds no usable key: a good old set is better than a bad new one.
 */
export async function fetchKeySet(url: string, timeoutMs: number): Promise<Map<string, VerificationKey>> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(timeoutMs),
    redirect: "error",
    headers: { accept: "application/json" },
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the key set at ${url} answered ${response.status}`);
  }
  const document = documentSchema.parse(JSON.parse(await readText(response, DOCUMENT_MAX)));
  const keys = new Map<string, VerificationKey>();
  for (const candidate of document.keys) {
    const parsed = keySchema.safeParse(candidate);
    if (!parsed.success) continue;
    const { kid, x } = parsed.data;
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x }, "EdDSA").catch(() => undefined);
    if (key !== undefined && !(key instanceof Uint8Array)) keys.set(kid, { kid, x, key });
  }
  if (keys.size === 0) throw new Error(`the key set at ${url} holds no Ed25519 signature key`);
  return keys;
}
