import type { PeoplePage, PeopleQuery, Person, Role } from "@taskassistant/contracts";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../transaction.ts";
import { Refusal } from "./refusal.ts";

/** Options for changing a person. */
export interface ChangeOptions {
  /** Whether the last administrator may go. The command may, because it can make another. */
  evenLast?: boolean;
}

/** The accounts, as those who administer them see them. Changes throw `Refusal`. */
export interface People {
  list(query: PeopleQuery): Promise<PeoplePage>;
  byAddress(email: string): Promise<Person | undefined>;
  isAdministrator(id: string): Promise<boolean>;
  hasAdministrator(): Promise<boolean>;
  /** Demoting also withdraws the unused links that the person made: otherwise they would work after the role is gone. */
  setRole(id: string, role: Role, options?: ChangeOptions): Promise<Person>;
  /** Takes effect at once: the sessions end, no new one begins, and links by or for the person no longer work. */
  disable(id: string, options?: ChangeOptions): Promise<Person>;
  enable(id: string): Promise<Person>;
}

interface Row extends Omit<Person, "created_at" | "last_seen_at"> {
  created_at: Date;
  last_seen_at: Date | null;
}

const PERSON = `person.id, person.name, person.email, person.role, person."disabledAt" is not null as disabled,
  person."createdAt" as created_at, greatest(person."lastSeenAt",
    (select max(session."updatedAt") from auth.session where session."userId" = person.id)) as last_seen_at`;

/** Whoever changes the number of administrators waits for this lock, so that two can't remove each other. */
const LOCK = "select pg_advisory_xact_lock(hashtextextended('taskassistant:administrators', 0))";

/** Reads and changes the accounts in schema `auth`, which has nobody's tasks or conversations. */
export function createPeople(pool: Pool): People {
  /** Changes a person whom no other change is reaching at the same time. */
  const change = (id: string, work: (client: PoolClient, person: Person) => Promise<void>): Promise<Person> =>
    inTransaction(pool, async (client) => {
      await client.query(LOCK);
      const found = await one(client, "where person.id = $1 for no key update", [id]);
      if (found === undefined) throw new Refusal("no_such_person");
      await work(client, found);
      return (await one(client, "where person.id = $1", [id])) ?? found;
    });

  return {
    list: async ({ q = "", cursor, limit }) => {
      const after = cursor === undefined ? null : Buffer.from(cursor, "base64url").toString().replaceAll("\0", "");
      const [found, all] = await Promise.all([
        pool.query<Row>(
          `select ${PERSON} from auth."user" person
           where ($1::text is null or person.email > $1)
             and position(lower($2) in lower(person.name || ' ' || person.email)) > 0
           order by person.email limit $3`,
          [after, q, limit + 1],
        ),
        pool.query<{ total: number }>(`select count(*)::int as total from auth."user"`),
      ]);
      const people = found.rows.slice(0, limit).map(toPerson);
      const last = people.at(-1);
      const more = found.rows.length > limit && last !== undefined;
      return {
        people,
        total: all.rows[0]?.total ?? 0,
        next_cursor: more ? Buffer.from(last.email).toString("base64url") : null,
      };
    },
    byAddress: (email) => one(pool, "where person.email = lower($1)", [email]),
    isAdministrator: async (id) => {
      const { rowCount } = await pool.query(
        `select from auth."user" where id = $1 and role = 'administrator' and "disabledAt" is null`,
        [id],
      );
      return rowCount === 1;
    },
    hasAdministrator: async () => {
      const { rowCount } = await pool.query(
        `select from auth."user" where role = 'administrator' and "disabledAt" is null limit 1`,
      );
      return rowCount === 1;
    },
    setRole: (id, role, { evenLast = false } = {}) =>
      change(id, async (client, person) => {
        if (person.role === role) return;
        if (role === "user" && !evenLast) await requireAnother(client, person);
        if (role === "user") await endLinks(client, `"createdBy" = $1`, id);
        await client.query(`update auth."user" set role = $2, "updatedAt" = now() where id = $1`, [id, role]);
      }),
    disable: (id, { evenLast = false } = {}) =>
      change(id, async (client, person) => {
        if (!evenLast) await requireAnother(client, person);
        await client.query(
          `update auth."user" set "disabledAt" = coalesce("disabledAt", now()), "updatedAt" = now() where id = $1`,
          [id],
        );
        await client.query(`delete from auth.session where "userId" = $1`, [id]);
        await endLinks(client, `("createdBy" = $1 or "userId" = $1)`, id);
      }),
    enable: (id) =>
      change(id, async (client) => {
        await client.query(`update auth."user" set "disabledAt" = null, "updatedAt" = now() where id = $1`, [id]);
      }),
  };
}

/** Throws if this is the only administrator who isn't disabled. */
async function requireAnother(client: PoolClient, person: Person): Promise<void> {
  if (person.role !== "administrator" || person.disabled) return;
  const { rowCount } = await client.query(
    `select from auth."user" where role = 'administrator' and "disabledAt" is null and id <> $1 limit 1`,
    [person.id],
  );
  if (rowCount === 0) throw new Refusal("last_administrator");
}

async function endLinks(client: PoolClient, condition: string, id: string): Promise<void> {
  await client.query(
    `update auth.link set "revokedAt" = now() where ${condition} and "usedAt" is null and "revokedAt" is null`,
    [id],
  );
}

async function one(client: Pool | PoolClient, condition: string, values: string[]): Promise<Person | undefined> {
  const { rows } = await client.query<Row>(`select ${PERSON} from auth."user" person ${condition}`, values);
  return rows[0] === undefined ? undefined : toPerson(rows[0]);
}

function toPerson({ created_at, last_seen_at, ...rest }: Row): Person {
  return { ...rest, created_at: created_at.toISOString(), last_seen_at: last_seen_at?.toISOString() ?? null };
}
