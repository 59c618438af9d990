import type { OwnSession } from "@taskassistant/contracts";
import type { Pool } from "pg";
import { deviceOf } from "./device.ts";

/** The sessions of one person, named by their ids. Their tokens stay in the database and in the browsers' cookies. */
export interface OwnSessions {
  /** Those that have not expired: the current one, then the most recently used. */
  list(userId: string, currentId: string): Promise<OwnSession[]>;
  /** Ends one. Returns false if this person has no such session. */
  end(userId: string, id: string): Promise<boolean>;
  /** Ends all but one. Returns how many there were. */
  endOthers(userId: string, currentId: string): Promise<number>;
}

interface Row {
  id: string;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** The maximum number that is listed. */
const LISTED_MAX = 100;
/** What an id can look like; PostgreSQL could not even read some texts. */
const ID = /^[\w-]{1,64}$/;

export function createOwnSessions(pool: Pool): OwnSessions {
  return {
    list: async (userId, currentId) => {
      const { rows } = await pool.query<Row>(
        `select id, "ipAddress", "userAgent", "createdAt", "updatedAt" from auth.session
         where "userId" = $1 and "expiresAt" > now()
         order by id = $2 desc, "updatedAt" desc limit ${LISTED_MAX}`,
        [userId, currentId],
      );
      return rows.map((row) => ({
        id: row.id,
        current: row.id === currentId,
        device: deviceOf(row.userAgent ?? ""),
        address: row.ipAddress ?? "",
        signed_in_at: row.createdAt.toISOString(),
        last_seen_at: row.updatedAt.toISOString(),
      }));
    },
    end: async (userId, id) => {
      if (!ID.test(id)) return false;
      const ended = await pool.query(`delete from auth.session where "userId" = $1 and id = $2`, [userId, id]);
      return ended.rowCount === 1;
    },
    endOthers: async (userId, currentId) => {
      const ended = await pool.query(`delete from auth.session where "userId" = $1 and id <> $2`, [userId, currentId]);
      return ended.rowCount ?? 0;
    },
  };
}
