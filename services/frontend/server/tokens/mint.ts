import { randomUUID } from "node:crypto";
import { audienceOf, TOKEN_TYP, type TokenKind } from "@taskassistant/contracts";
import type { ClaimsOf } from "@taskassistant/kit/jwt";
import { SignJWT } from "jose";
import type { Keys } from "../keys/keys.ts";
import type { LiveSession } from "../sessions/sessions.ts";

/** The claims that the caller chooses. The mint sets issuer, audience, subject, session, times and ID. */
type ChosenClaims<K extends TokenKind> = Omit<ClaimsOf[K], "iss" | "aud" | "sub" | "sid" | "iat" | "exp" | "jti">;

/** A signed token. */
export interface MintedToken {
  token: string;
  /** Seconds until it expires. */
  expiresIn: number;
}

/** Signs tokens. */
export interface Mint {
  /** Signs a token of this kind for the session's user. It never outlives the session. */
  sign<K extends TokenKind>(
    kind: K,
    session: LiveSession,
    claims: ChosenClaims<K>,
    lifeSeconds: number,
  ): Promise<MintedToken>;
}

/** Signs every token of the identity chain. `@taskassistant/contracts` describes what each holds. */
export function createMint(deps: { keys: Keys; issuer: string }): Mint {
  return {
    sign: async (kind, session, claims, lifeSeconds) => {
      const { kid, key } = await deps.keys.signingKey();
      const issuedAt = Math.floor(Date.now() / 1_000);
      const expiresAt = Math.min(issuedAt + lifeSeconds, Math.floor(session.expiresAt.getTime() / 1_000));
      const token = await new SignJWT({ ...claims, sid: session.id })
        .setProtectedHeader({ alg: "EdDSA", typ: TOKEN_TYP[kind], kid })
        .setIssuer(deps.issuer)
        .setAudience(audienceOf(kind, deps.issuer))
        .setSubject(session.userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .setJti(randomUUID())
        .sign(key);
      return { token, expiresIn: expiresAt - issuedAt };
    },
  };
}
