import { createHash, randomBytes, randomUUID } from "node:crypto";
import { LINK_PAGES, type Link, type LinkKind, type NewLink, type OpenedLink } from "@taskassistant/contracts";
import type { LinkRefusal } from "@taskassistant/contracts/link-refusals";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../transaction.ts";
import { Refusal } from "./refusal.ts";

/** Maximum number of links that wait to be used. */
const OPEN_MAX = 100;
const SECRET_BYTES = 32;

const OPEN = `link."usedAt" is null and link."revokedAt" is null and link."expiresAt" > now()`;
const LISTED = `link.id, link.kind, coalesce(link.email, person.email) as email, maker.email as created_by,
  link."createdAt" as created_at, link."expiresAt" as expires_at`;
const JOINED = `left join auth."user" person on person.id = link."userId"
  left join auth."user" maker on maker.id = link."createdBy"`;

/** Whom a link is for, and who makes it. */
export interface LinkRequest {
  /** The address an invitation is for; anybody's if undefined. */
  email?: string | undefined;
  /** The person who gets a new password. */
  userId?: string;
  /** Null for the command. */
  createdBy: string | null;
  days: number;
}

/** A link that can't be used, with the code of its reason. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  readonly code: LinkRefusal;

  constructor(code: LinkRefusal) {
    super(code);
    this.code = code;
  }
}

/** What the holder of a link sees of it, and whose password it sets. */
export interface HeldLink extends OpenedLink {
  id: string;
  userId: string | null;
}

/** Makes and withdraws one-time links. */
export interface Links {
  /** A new link replaces an earlier one for the same address or person. Throws `Refusal`. */
  invite(request: LinkRequest): Promise<NewLink>;
  /** Throws `Refusal`. */
  passwordLink(request: LinkRequest & { userId: string }): Promise<NewLink>;
  /** The links that can be used, newest first. */
  list(): Promise<Link[]>;
  /** Throws `Refusal`. */
  revoke(id: string): Promise<void>;
  /** Looks a link up without using it. Throws `LinkError`. */
  open(secret: string, kind: LinkKind): Promise<HeldLink>;
}

/** Links are stored by a digest of their secret, so that whoever reads the database can use none. */
export function createLinks(deps: { pool: Pool; publicUrl: string }): Links {
  const { pool, publicUrl } = deps;

  async function make(client: PoolClient, kind: LinkKind, request: LinkRequest): Promise<NewLink> {
    const { email = null, userId = null, createdBy, days } = request;
    // Links are made one at a time, so that there are never more than `OPEN_MAX`, nor two for the same address or person.
    await client.query("select pg_advisory_xact_lock(hashtextextended('taskassistant:links', 0))");
    await client.query(
      `update auth.link set "revokedAt" = now() where ${OPEN} and kind = $1 and (email = $2 or "userId" = $3)`,
      [kind, email, userId],
    );
    const open = await client.query<{ count: number }>(`select count(*)::int from auth.link where ${OPEN}`);
    if ((open.rows[0]?.count ?? 0) >= OPEN_MAX) throw new Refusal("too_many_links");
    const secret = randomBytes(SECRET_BYTES).toString("base64url");
    const { rows } = await client.query<LinkRow>(
      `with link as (
         insert into auth.link (id, digest, kind, email, "userId", "createdBy", "expiresAt")
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7)) returning *)
       select ${LISTED} from link ${JOINED}`,
      [randomUUID(), digestOf(secret), kind, email, userId, createdBy, days],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("the new link was not stored");
    return { ...toLink(row), url: `${publicUrl}${LINK_PAGES[kind]}#${secret}` };
  }

  return {
    invite: (request) =>
      inTransaction(pool, async (client) => {
        const taken = await client.query(`select from auth."user" where email = $1`, [request.email ?? null]);
        if (taken.rowCount !== 0) throw new Refusal("address_taken");
        return make(client, "invitation", request);
      }),
    passwordLink: (request) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ disabled: boolean }>(
          `select "disabledAt" is not null as disabled from auth."user" where id = $1 for no key update`,
          [request.userId],
        );
        if (rows[0] === undefined) throw new Refusal("no_such_person");
        if (rows[0].disabled) throw new Refusal("disabled");
        return make(client, "password", request);
      }),
    list: async () => {
      const { rows } = await pool.query<LinkRow>(
        `select ${LISTED} from auth.link ${JOINED} where ${OPEN} order by link."createdAt" desc limit $1`,
        [OPEN_MAX],
      );
      return rows.map(toLink);
    },
    revoke: async (id) => {
      const { rowCount } = await pool.query(`update auth.link set "revokedAt" = now() where id = $1 and ${OPEN}`, [id]);
      if (rowCount === 0) throw new Refusal("no_such_link");
    },
    open: (secret, kind) => findOpen(pool, secret, kind),
  };
}

/** The link with this secret. With `lock`, nobody else can use it until the transaction ends. Throws `LinkError`. */
export async function findOpen(
  client: Pool | PoolClient,
  secret: string,
  kind: LinkKind,
  lock?: "lock",
): Promise<HeldLink> {
  const { rows } = await client.query<HeldLink & { state: LinkRefusal | null }>(
    `select link.id, link.kind, link."userId", coalesce(link.email, person.email) as email, person.name,
       case when link."usedAt" is not null then 'LINK_USED' when link."revokedAt" is not null then 'LINK_REVOKED'
         when link."expiresAt" <= now() then 'LINK_EXPIRED' end as state
     from auth.link ${JOINED} where link.digest = $1 and link.kind = $2 ${lock === undefined ? "" : "for update of link"}`,
    [digestOf(secret), kind],
  );
  const [row] = rows;
  if (row === undefined) throw new LinkError("LINK_UNKNOWN");
  const { state, ...link } = row;
  if (state !== null) throw new LinkError(state);
  return link;
}

/** Marks a link as used that this transaction has locked. */
export async function markUsed(client: PoolClient, secret: string): Promise<void> {
  await client.query(`update auth.link set "usedAt" = now() where digest = $1`, [digestOf(secret)]);
}

interface LinkRow extends Omit<Link, "created_at" | "expires_at"> {
  created_at: Date;
  expires_at: Date;
}

function toLink({ created_at, expires_at, ...rest }: LinkRow): Link {
  return { ...rest, created_at: created_at.toISOString(), expires_at: expires_at.toISOString() };
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
