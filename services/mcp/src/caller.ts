import { type McpClaims, scopesOf } from "@taskassistant/contracts";
import type { ResponseRoom } from "@taskassistant/kit/guard";

/** Who calls, as the verified token says, and the request it came with. */
export interface Caller {
  userId: string;
  clientId: string;
  /** Who acts for the user (`act.sub`, RFC 8693); undefined for a client the user authorised directly. */
  actor: string | undefined;
  scopes: ReadonlySet<string>;
  jti: string;
  requestId: string;
  /** Room for the answer. */
  room: ResponseRoom;
  /** How many audit rows this request has left so far. */
  audited: number;
}

export function callerOf(claims: McpClaims, requestId: string, room: ResponseRoom): Caller {
  return {
    userId: claims.sub,
    clientId: claims.client_id,
    actor: claims.act?.sub,
    scopes: scopesOf(claims),
    jti: claims.jti,
    requestId,
    room,
    audited: 0,
  };
}
