import type { Logger } from "@taskassistant/kit/process";
import type { Pool } from "pg";
import type { Auth } from "../auth/auth.ts";

/** A session that has not ended. */
export interface LiveSession {
  id: string;
  userId: string;
  expiresAt: Date;
}

/** The sessions that are alive. */
export interface Sessions {
  /** The session of the request's cookie. Only `/api/auth/get-session` renews it. */
  ofRequest(headers: Headers): Promise<LiveSession | undefined>;
  /** The session with this ID, unless it was signed out, has expired or belongs to another user. */
  ofUser(id: string, userId: string): Promise<LiveSession | undefined>;
  /** Notes that the session is in use, for the list that its owner sees. Never throws. */
  seen(session: LiveSession): Promise<void>;
}

/** Looks sessions up in the database each time, so that signing out takes effect at once. */
export function createSessions(deps: { auth: Auth; pool: Pool; log: Logger }): Sessions {
  const { auth, pool, log } = deps;
  return {
    ofRequest: async (headers) => {
      const cookie = headers.get("cookie");
      if (cookie === null) return undefined;
      const found = await auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } });
      return found === null ? undefined : toLive(found.session);
    },
    ofUser: async (id, userId) => {
      const { adapter } = await auth.$context;
      const found = await adapter.findOne<LiveSession>({ model: "session", where: [{ field: "id", value: id }] });
      if (found === null || found.userId !== userId || found.expiresAt.getTime() <= Date.now()) return undefined;
      return toLive(found);
    },
    seen: async ({ id }) => {
      await pool.query(`update auth.session set "updatedAt" = now() where id = $1`, [id]).catch((error: unknown) => {
        log.warn({ err: error }, "the use of a session could not be noted");
      });
    },
  };
}

function toLive({ id, userId, expiresAt }: LiveSession): LiveSession {
  return { id, userId, expiresAt };
}
