/** Checking the tokens that the frontend signs. */
export { bearerToken } from "./bearer.ts";
export type { VerificationKey } from "./jwks-document.ts";
export { createJwksSource, type JwksSource, type JwksSourceOptions } from "./jwks-source.ts";
export { TokenError, type TokenErrorReason } from "./token-error.ts";
export { type ClaimsOf, createTokenVerifier, type TokenVerifier, type TokenVerifierOptions } from "./verifier.ts";
