import { SCOPES } from "@taskassistant/contracts";
import { LRUCache } from "@taskassistant/kit/collections";
import type { LiveSession, Sessions } from "../sessions/sessions.ts";
import type { Mint, MintedToken } from "./mint.ts";

/** Maximum number of sessions whose token is remembered. */
const REMEMBERED_MAX = 1_000;
/** A remembered token is used while at least this share of its life is left. */
const USABLE_SHARE = 0.5;

/** Issues API tokens for sessions. */
export interface ApiTokens {
  /** The token that the proxy sends to the API for this session. */
  forBrowser(session: LiveSession): Promise<string>;
  /** Drops the remembered token, so that the next request of this session gets a new one. */
  forget(session: LiveSession): void;
  /** A new token for a script of the user. */
  forScript(session: LiveSession): Promise<MintedToken & { scope: string }>;
}

/** Issues API tokens on the server and reuses those of the proxy for a while. */
export function createApiTokens(deps: {
  mint: Mint;
  sessions: Pick<Sessions, "seen">;
  lifeSeconds: number;
  now?: () => number;
}): ApiTokens {
  const { mint, sessions, lifeSeconds, now = Date.now } = deps;
  const scope = SCOPES.join(" ");
  const remembered = new LRUCache<string, { token: string; usableUntil: number }>({ max: REMEMBERED_MAX });

  return {
    forBrowser: async (session) => {
      const known = remembered.get(session.id);
      if (known !== undefined && known.usableUntil > now()) return known.token;
      const { token, expiresIn } = await mint.sign("api", session, { client_id: "browser", scope }, lifeSeconds);
      // A session in use gets a token every few minutes, which is as exact as its owner needs to know.
      void sessions.seen(session);
      remembered.set(session.id, { token, usableUntil: now() + expiresIn * 1_000 * USABLE_SHARE });
      return token;
    },
    forget: ({ id }) => void remembered.delete(id),
    forScript: async (session) => ({
      ...(await mint.sign("api", session, { client_id: "script", scope }, lifeSeconds)),
      scope,
    }),
  };
}
