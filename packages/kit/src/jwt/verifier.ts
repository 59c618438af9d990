import { hash } from "node:crypto";
import {
  type ApiClaims,
  apiClaimsSchema,
  audienceOf,
  type McpClaims,
  mcpClaimsSchema,
  type RunGrantClaims,
  runGrantClaimsSchema,
  TOKEN_LIFE_MAX,
  TOKEN_TYP,
  type TokenKind,
} from "@taskassistant/contracts";
import { TOKEN_MAX } from "@taskassistant/contracts/limits";
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { VerificationKey } from "./jwks-document.ts";
import type { JwksSource } from "./jwks-source.ts";
import { TokenError, type TokenErrorReason } from "./token-error.ts";

export type ClaimsOf = { api: ApiClaims; "run-grant": RunGrantClaims; mcp: McpClaims };

export type TokenVerifier<K extends TokenKind> = {
  /** The claims of a valid token. Throws `TokenError`, never anything else. */
  verify(token: string): Promise<ClaimsOf[K]>;
};

export type TokenVerifierOptions<K extends TokenKind> = {
  /** `BETTER_AUTH_URL`, without a trailing slash. */
  issuer: string;
  kind: K;
  jwks: JwksSource;
  /** Maximum number of verified tokens remembered. */
  cacheSize?: number;
  /** Clock in milliseconds (tests). */
  now?: () => number;
};

/** Maximum difference between two clocks, in seconds. */
const CLOCK_TOLERANCE = 30;

/** No other header is accepted: no key inside the token (`jwk`, `x5c`), no address of one (`jku`, `x5u`), no `crit`. */
const headerSchema = z.strictObject({ alg: z.string(), typ: z.string(), kid: z.string().min(1).max(256) });

const CLAIMS: { [K in TokenKind]: z.ZodType<ClaimsOf[K]> } = {
  api: apiClaimsSchema,
  "run-grant": runGrantClaimsSchema,
  mcp: mcpClaimsSchema,
};

const REQUIRED = ["iss", "aud", "sub", "sid", "iat", "exp", "jti"];

type Remembered<C> = { claims: C; key: VerificationKey; endsAt: number };

/**
 * Verifies tokens of one kind by RFC 8725: one algorithm (EdDSA), exact `typ`, issuer and audience, all claims required
 * and checked for their types, a life no longer than the kind may have, size capped before parsing. A verified token is remembered by the hash of the whole token
 * until its `exp`, and forgotten when its key leaves the key set.
 */
export function createTokenVerifier<K extends TokenKind>(options: TokenVerifierOptions<K>): TokenVerifier<K> {
  const { jwks, kind, issuer, cacheSize = 10_000, now = Date.now } = options;
  const audience = audienceOf(kind, issuer);
  const typ = TOKEN_TYP[kind];
  const remembered = new LRUCache<string, Remembered<ClaimsOf[K]>>({ max: cacheSize });

  const recall = (id: string): ClaimsOf[K] | undefined => {
    const entry = remembered.get(id);
    if (entry === undefined) return undefined;
    if (entry.endsAt > now() && jwks.current(entry.key.kid) === entry.key) return entry.claims;
    remembered.delete(id);
    return undefined;
  };

  const verify = async (token: string): Promise<ClaimsOf[K]> => {
    if (token.length > TOKEN_MAX) throw new TokenError("too_large");
    const id = hash("sha256", token, "base64url");
    const known = recall(id);
    if (known !== undefined) return known;

    const key = await jwks.resolve(keyIdOf(token, typ));
    const payload = await verifySignature(token, key, { issuer, audience, now });
    const parsed = CLAIMS[kind].safeParse(payload);
    if (!parsed.success) throw new TokenError("claims", { cause: parsed.error });
    if (parsed.data.iat > now() / 1000 + CLOCK_TOLERANCE) throw new TokenError("not_yet_valid");
    if (parsed.data.exp - parsed.data.iat > TOKEN_LIFE_MAX[kind]) throw new TokenError("lives_too_long");
    remembered.set(id, { claims: parsed.data, key, endsAt: parsed.data.exp * 1000 });
    return parsed.data;
  };
  return { verify };
}

const COMPACT = /^[\w-]+\.[\w-]+\.([\w-]{86})$/;

/** Three base64url parts, the last one the only spelling of 64 bytes: no second token text for one signature. */
function isCompact(token: string): boolean {
  const signature = COMPACT.exec(token)?.[1];
  return signature !== undefined && Buffer.from(signature, "base64url").toString("base64url") === signature;
}

function keyIdOf(token: string, typ: string): string {
  let decoded: unknown;
  try {
    decoded = decodeProtectedHeader(token);
  } catch (cause) {
    throw new TokenError("malformed", { cause });
  }
  const header = headerSchema.safeParse(decoded);
  if (!header.success) throw new TokenError("header", { cause: header.error });
  if (header.data.alg !== "EdDSA") throw new TokenError("algorithm");
  if (header.data.typ !== typ) throw new TokenError("type");
  if (!isCompact(token)) throw new TokenError("malformed");
  return header.data.kid;
}

async function verifySignature(
  token: string,
  key: VerificationKey,
  expected: { issuer: string; audience: string; now: () => number },
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key.key, {
      algorithms: ["EdDSA"],
      issuer: expected.issuer,
      audience: expected.audience,
      requiredClaims: REQUIRED,
      clockTolerance: CLOCK_TOLERANCE,
      currentDate: new Date(expected.now()),
    });
    return payload;
  } catch (cause) {
    throw new TokenError(reasonOf(cause), { cause });
  }
}

function reasonOf(error: unknown): TokenErrorReason {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "iss") return "issuer";
    if (error.claim === "aud") return "audience";
    return error.claim === "nbf" && error.reason === "check_failed" ? "not_yet_valid" : "claims";
  }
  return "malformed";
}
