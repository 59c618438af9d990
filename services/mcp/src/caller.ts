import { type McpClaims, scopesOf } from "@taskassistant/contracts";

/** Who calls, as the verified token says, and the request it came with. */
export interface Caller {
  userId: string;
  clientId: string;
  /** Who acts for the user (`act.sub`, RFC 8693); undefined for a client the user authorised directly. */
  actor: string | undefined;
  scopes: ReadonlySet<string>;
  jti: string;
  requestId: string;
  /** How many audit rows this request has left so far. */
  audited: number;
}

export function callerOf(claims: McpClaims, requestId: string): Caller {
  return {
    userId: claims.sub,
    clientId: claims.client_id,
    actor: claims.act?.sub,
    scopes: scopesOf(claims),
    jti: claims.jti,
    requestId,
    audited: 0,
  };
}
