/** A question of a signed-in person. */
export interface RunRequest {
  readonly userId: string;
  readonly apiToken: string;
  /** `jti` of the API token, for the audit. */
  readonly jti: string;
  readonly requestId: string;
  readonly conversationId: string;
  readonly message: string;
  readonly timeZone: string;
}
