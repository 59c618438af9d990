import { randomUUID } from "node:crypto";
import { audienceOf, TOKEN_TYP, type TokenKind } from "@taskassistant/contracts";
import type { ClaimsOf } from "@taskassistant/kit/jwt";
import { SignJWT } from "jose";
import type { Keys } from "../keys/keys.ts";
import type { LiveSession } from "../sessions/sessions.ts";

/** The claims a caller chooses; issuer, audience, times and id are the mint's. */
type ChosenClaims<K extends TokenKind> = Omit<ClaimsOf[K], "iss" | "aud" | "sub" | "sid" | "iat" | "exp" | "jti">;

export type MintedToken = {
  token: string;
  /** Seconds it lives from now on. */
  expiresIn: number;
};

export type Mint = {
  /** Signs a token of that kind for the session's user. It never outlives the session. */
  sign<K extends TokenKind>(
    kind: K,
    session: LiveSession,
    claims: ChosenClaims<K>,
    lifeSeconds: number,
  ): Promise<MintedToken>;
};

/** Makes every token of the identity chain; see `@taskassistant/contracts` for what each holds. */
export function createMint(deps: { keys: Keys; issuer: string }): Mint {
  return {
    sign: async (kind, session, claims, lifeSeconds) => {
      const { kid, key } = await deps.keys.signingKey();
      const issuedAt = Math.floor(Date.now() / 1000);
      const expiresAt = Math.min(issuedAt + lifeSeconds, Math.floor(session.expiresAt.getTime() / 1000));
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
