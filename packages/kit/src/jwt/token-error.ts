/** Why a token was refused. `keys_unavailable` is our fault and not the caller's, so answer 503 instead of 401. */
export type TokenErrorReason =
  | "too_large"
  | "malformed"
  | "algorithm"
  | "header"
  | "type"
  | "unknown_key"
  | "signature"
  | "expired"
  | "not_yet_valid"
  | "lives_too_long"
  | "issuer"
  | "audience"
  | "claims"
  | "keys_unavailable";

/** Thrown by token verifiers. `reason` is for logs and tests; the caller gets no more than "the token is not valid". */
export class TokenError extends Error {
  readonly reason: TokenErrorReason;

  constructor(reason: TokenErrorReason, options?: { cause?: unknown }) {
    super(`the token was refused: ${reason}`, options);
    this.name = "TokenError";
    this.reason = reason;
  }
}
