import type { Auth } from "../auth/auth.ts";

/** A session that has not ended. */
export type LiveSession = { id: string; userId: string; expiresAt: Date };

export type Sessions = {
  /** The session of the request's cookie. Reads only: renewing it is up to `/api/auth/get-session`. */
  ofRequest(headers: Headers): Promise<LiveSession | undefined>;
  /** The session of that id, unless it was signed out, has expired, or belongs to somebody else. */
  ofUser(id: string, userId: string): Promise<LiveSession | undefined>;
};

/** Looks sessions up in the database each time, so that signing out works at once. */
export function createSessions(auth: Auth): Sessions {
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
  };
}

function toLive({ id, userId, expiresAt }: LiveSession): LiveSession {
  return { id, userId, expiresAt };
}
