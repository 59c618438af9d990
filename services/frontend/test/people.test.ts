import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeople } from "../server/people/people.ts";
import { authRequest } from "./frontend-fixture.ts";
import { codeOf, NEW_PASSWORD, OWNER, type PeopleHarness, secretOf, startPeople } from "./people-harness.ts";

let harness: PeopleHarness;
beforeAll(async () => {
  harness = await startPeople();
});
afterAll(() => harness?.close());

/** Waits until so many connections to this database wait for a lock. */
async function waiting(count: number): Promise<void> {
  const text = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if ((await harness.sql(text)).rowCount === count) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`never ${count} waiting connections`);
}

describe("administrators", () => {
  it("are the initial user, and nobody else from the start", async () => {
    const ann = await harness.newcomer("Ann");
    const people = await harness.people();
    expect(people.map(({ email, role }) => [email, role])).toEqual([
      [ann.email, "user"],
      [OWNER.email, "administrator"],
    ]);
  });

  it("are the only ones for whom any of this exists", async () => {
    const plain = await harness.newcomer("Plain");
    const link = await harness.invite();
    const accounts = async () => (await harness.people()).map(({ id, role, disabled }) => [id, role, disabled]);
    const before = await accounts();
    const actions = ["promote", "demote", "disable", "enable", "password-link"];
    const requests = [
      ["GET", ""],
      ["GET", "/links"],
      ["POST", "/invitations"],
      ["DELETE", `/links/${link.id}`],
      ...[plain, harness.owner].flatMap(({ id }) => actions.map((action) => ["POST", `/${id}/${action}`])),
    ];
    for (const user of [plain, undefined]) {
      for (const [method = "", path = ""] of requests) {
        const response = await harness.ask(user, method, path, method === "POST" ? {} : undefined);
        expect([path, response.status]).toEqual([path, 404]);
      }
    }
    expect(await accounts()).toEqual(before);
    expect((await harness.open(secretOf(link), "invitation")).status).toBe(200);
  });

  it("see accounts and nothing of what people do with them", async () => {
    const [person] = await harness.people(`?q=${OWNER.email}`);
    expect(person).toEqual({
      id: harness.owner.id,
      name: "owner",
      email: OWNER.email,
      role: "administrator",
      disabled: false,
      created_at: expect.any(String),
      last_seen_at: expect.any(String),
    });
  });

  it("read the list page by page", async () => {
    const names = ["Page1", "Page2", "Page3"];
    for (const name of names) await harness.newcomer(name);
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 3; page += 1) {
      const response = await harness.ask(harness.owner, "GET", `?q=page&limit=1${cursor}`);
      const body = (await response.json()) as { people: { name: string }[]; next_cursor: string | null };
      seen.push(...body.people.map(({ name }) => name));
      expect(body.next_cursor === null).toBe(page === 2);
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(names);
    for (const search of ["?limit=101", "?limit=0", "?limit=x", "?sort=name", "?q=%00", `?q=${"a".repeat(201)}`]) {
      expect((await harness.ask(harness.owner, "GET", search)).status, search).toBe(400);
    }
  });

  it("make others administrators, who lose it again with all links they made", async () => {
    const eve = await harness.newcomer("Eve");
    expect((await harness.ask(harness.owner, "POST", `/${eve.id}/promote`)).status).toBe(200);
    const made = await harness.ask(eve, "POST", "/invitations", {});
    const link = (await made.json()) as { url: string };
    expect((await harness.ask(harness.owner, "POST", `/${eve.id}/demote`)).status).toBe(200);
    expect((await harness.ask(eve, "GET")).status).toBe(404);
    expect(await codeOf(await harness.join(secretOf(link)))).toEqual([410, "LINK_REVOKED"]);
  });

  it("can't lose the last of them, not even when two remove each other at the same time", async () => {
    const { owner, ask } = harness;
    expect(await codeOf(await ask(owner, "POST", `/${owner.id}/demote`))).toEqual([409, "conflict"]);
    const max = await harness.newcomer("Max");
    const pool = new pg.Pool({ connectionString: harness.database.authUrl });
    const people = createPeople(pool);
    try {
      for (let round = 0; round < 5; round += 1) {
        await harness.sql(`update auth."user" set role = 'administrator' where id = any($1)`, [[owner.id, max.id]]);
        // Both wait for this transaction, so that they go on at the same time.
        const holding = await pool.connect();
        await holding.query("begin");
        await holding.query(`select from auth."user" for update`);
        const removals = Promise.allSettled([people.setRole(owner.id, "user"), people.setRole(max.id, "user")]);
        await waiting(2);
        await holding.query("commit");
        holding.release();
        expect((await removals).map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      }
    } finally {
      await pool.end();
    }
    const { rows } = await harness.sql(`select id from auth."user" where role = 'administrator'`);
    expect(rows).toHaveLength(1);
    await harness.sql(`update auth."user" set role = case when id = $1 then 'administrator' else 'user' end`, [
      owner.id,
    ]);
  });

  it("can't disable themselves by mistake", async () => {
    const { owner, ask } = harness;
    expect((await ask(owner, "POST", `/${owner.id}/disable`)).status).toBe(409);
  });

  it("leave a row of the audit by whatever they change or are refused, and none by looking", async () => {
    const { owner, ask, audited } = harness;
    const before = (await audited()).length;
    await ask(owner, "GET");
    const invitation = await harness.invite();
    const joined = await harness.join(secretOf(invitation), { name: "Flo", email: "flo@example.test" });
    expect(joined.status).toBe(200);
    const { rows } = await harness.sql(`select id from auth."user" where email = 'flo@example.test'`);
    const { id } = rows[0] as { id: string };
    for (const action of ["promote", "demote", "password-link", "disable", "enable", "password-link"]) {
      expect((await ask(owner, "POST", `/${id}/${action}`)).ok, action).toBe(true);
    }
    await ask(owner, "POST", `/${owner.id}/disable`);
    const [last] = (await harness.sql(`select id from auth.link order by "createdAt" desc limit 1`)).rows;
    const { id: link } = last as { id: string };
    expect((await ask(owner, "DELETE", `/links/${link}`)).ok).toBe(true);

    const [by, on] = await Promise.all([owner.id, id].map(harness.pseudonym));
    const all = (await audited()).slice(before);
    expect(all.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      ...["invite allowed", "join by link allowed", "promote allowed", "demote allowed", "make password link allowed"],
      ...["disable allowed", "enable allowed", "make password link allowed", "disable refused", "revoke link allowed"],
    ]);
    expect(all[0]).toMatchObject({ actor: by, subject: null, link: invitation.id });
    expect(all[1]).toMatchObject({ actor: on, subject: on, link: invitation.id });
    expect(all[5]).toMatchObject({ actor: by, subject: on, link: null, request_id: expect.any(String) });
    expect(all[8]).toMatchObject({ actor: by, subject: by, reason: "own_account" });
    expect(all[9]).toMatchObject({ actor: by, subject: null, link });
    expect(JSON.stringify(all)).not.toMatch(new RegExp(`${owner.id}|${id}|@`));
  });

  it("answer with what is wrong when a request makes no sense", async () => {
    const { owner, ask } = harness;
    for (const body of [
      { email: "no address" },
      { days: 0 },
      { days: 31 },
      { days: 1.5 },
      { role: "administrator" },
      [],
    ]) {
      expect((await ask(owner, "POST", "/invitations", body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await ask(owner, "POST", "/nobody/disable")).status).toBe(404);
    expect((await ask(owner, "PUT", "")).status).toBe(405);
    expect((await ask(owner, "GET", "/nothing")).status).toBe(404);
    expect((await ask(owner, "POST", "/invitations", {}, { origin: "https://evil.test" })).status).toBe(403);
    expect((await ask(owner, "POST", "/invitations", { email: "a".repeat(20_000) })).status).toBe(413);
  });
});

describe("a disabled person", () => {
  it("loses every session at once, can't sign in and is told why, and comes back when enabled", async () => {
    const { owner, ask, app } = harness;
    const dora = await harness.newcomer("Dora");
    expect((await ask(owner, "POST", `/${dora.id}/disable`)).status).toBe(200);
    const session = await app.routes.auth(authRequest("/get-session", { headers: { cookie: dora.cookie } }));
    expect(await session.json()).toBeNull();
    const refused = await harness.signIn(dora.email, NEW_PASSWORD);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      code: "ACCOUNT_DISABLED",
      message: expect.stringContaining("disabled"),
    });
    // Whoever does not know the password is told nothing.
    expect(await codeOf(await harness.signIn(dora.email, "some wrong password"))).toEqual([
      401,
      "INVALID_EMAIL_OR_PASSWORD",
    ]);
    await ask(owner, "POST", `/${dora.id}/enable`);
    expect((await harness.signIn(dora.email, NEW_PASSWORD)).status).toBe(200);
  });

  it("can't use a password link, whether it was made before or after", async () => {
    const { owner, ask } = harness;
    const finn = await harness.newcomer("Finn");
    const before = await harness.passwordLink(finn.id);
    await ask(owner, "POST", `/${finn.id}/disable`);
    expect(await codeOf(await harness.setPassword(secretOf(before)))).toEqual([410, "LINK_REVOKED"]);
    expect((await ask(owner, "POST", `/${finn.id}/password-link`)).status).toBe(409);
  });
});
