/** Error codes of RFC 6749, section 5.2, and RFC 8693, section 2.2.2. */
export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unsupported_grant_type"
  | "invalid_scope"
  | "invalid_target"
  | "temporarily_unavailable"
  | "server_error";

const STATUS: Partial<Record<OAuthErrorCode, 401 | 500 | 503>> = {
  invalid_client: 401,
  temporarily_unavailable: 503,
  server_error: 500,
};

/** A refusal of the exchange endpoint. The description is meant for the API's logs, not for people. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, description: string, options?: ErrorOptions) {
    super(description, options);
    this.name = "OAuthError";
    this.code = code;
  }

  get status(): 400 | 401 | 500 | 503 {
    return STATUS[this.code] ?? 400;
  }
}
