import { createHash } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LinkError } from "../server/people/links.ts";
import { createLinkUses } from "../server/people/use-link.ts";
import { authRequest } from "./frontend-fixture.ts";
import { codeOf, NEW_PASSWORD, OWNER, type PeopleHarness, secretOf, startPeople } from "./people-harness.ts";

let harness: PeopleHarness;
let pool: pg.Pool;
beforeAll(async () => {
  harness = await startPeople();
  pool = new pg.Pool({ connectionString: harness.database.authUrl, max: 20 });
});
afterAll(async () => {
  await pool?.end();
  await harness?.close();
});

const wasUsed = (result: PromiseSettledResult<unknown>) =>
  result.status === "rejected" && result.reason instanceof LinkError && result.reason.code === "LINK_USED";

const accounts = async (email: string) =>
  (await harness.sql(`select id, role, "emailVerified" from auth."user" where email = $1`, [email])).rows;

describe("an invitation", () => {
  it("lets one person in where sign-up is closed, who is no administrator and whose address is not verified", async () => {
    const { url } = await harness.invite();
    expect(url).toMatch(/^http:\/\/tasks\.test:3000\/join#[\w-]{43}$/);
    const response = await harness.join(secretOf({ url }), { email: "Ann@Example.test", name: " Ann " });
    expect([response.status, await response.json()]).toEqual([200, { email: "ann@example.test" }]);
    expect(await accounts("ann@example.test")).toEqual([
      { id: expect.any(String), role: "user", emailVerified: false },
    ]);
    expect((await harness.signIn("ann@example.test", NEW_PASSWORD)).status).toBe(200);
  });

  it("creates exactly one account when 20 requests use it at the same time", async () => {
    const secret = secretOf(await harness.invite());
    const uses = createLinkUses(pool);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        uses.join(secret, { email: `race-${index}@example.test`, name: "Race", passwordHash: "hash" }),
      ),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(answers.filter(wasUsed)).toHaveLength(19);
    const { rows } = await harness.sql(`select id from auth."user" where email like 'race-%'`);
    expect(rows).toHaveLength(1);
  });

  it("creates exactly one account when two people send the form at the same time", async () => {
    const secret = secretOf(await harness.invite());
    const answers = await Promise.all(
      ["one", "two"].map((name) => harness.join(secret, { email: `${name}@example.test` })),
    );
    const codes = await Promise.all(answers.map(codeOf));
    expect(codes.sort()).toEqual([
      [200, undefined],
      [410, "LINK_USED"],
    ]);
  });

  it("for one address works for no other", async () => {
    const link = await harness.invite({ email: " Carl@Example.test " });
    expect(link.email).toBe("carl@example.test");
    const opened = await harness.open(secretOf(link), "invitation");
    expect(await opened.json()).toEqual({ kind: "invitation", email: "carl@example.test", name: null });
    const joined = await harness.join(secretOf(link), { email: "mallory@example.test" });
    expect(await joined.json()).toEqual({ email: "carl@example.test" });
    expect(await accounts("mallory@example.test")).toEqual([]);
  });

  it("is not used up by opening it, by a wrong password, or by an address that is taken", async () => {
    const secret = secretOf(await harness.invite());
    for (let time = 0; time < 3; time += 1) expect((await harness.open(secret, "invitation")).status).toBe(200);
    expect(await codeOf(await harness.join(secret, { password: "short" }))).toEqual([400, "PASSWORD_TOO_SHORT"]);
    expect(await codeOf(await harness.join(secret, { email: OWNER.email }))).toEqual([422, "USER_ALREADY_EXISTS"]);
    expect(await codeOf(await harness.join(secret, { name: " " }))).toEqual([400, "INVALID_NAME"]);
    expect(await codeOf(await harness.join(secret, { email: "no address" }))).toEqual([400, "INVALID_EMAIL"]);
    expect((await harness.join(secret, { email: "patient@example.test" })).status).toBe(200);
  });

  it("says why it no longer works", async () => {
    const used = secretOf(await harness.invite());
    await harness.join(used, { email: "used@example.test" });
    const expired = await harness.invite();
    await harness.sql(`update auth.link set "expiresAt" = now() where id = $1`, [expired.id]);
    const revoked = await harness.invite();
    expect((await harness.ask(harness.owner, "DELETE", `/links/${revoked.id}`)).status).toBe(204);
    expect((await harness.ask(harness.owner, "DELETE", `/links/${revoked.id}`)).status).toBe(404);
    for (const [secret, code] of [
      [used, "LINK_USED"],
      [secretOf(expired), "LINK_EXPIRED"],
      [secretOf(revoked), "LINK_REVOKED"],
    ] as const) {
      expect(await codeOf(await harness.open(secret, "invitation"))).toEqual([410, code]);
      expect(await codeOf(await harness.join(secret, { email: "late@example.test" }))).toEqual([410, code]);
    }
    expect(await accounts("late@example.test")).toEqual([]);
    for (const secret of ["", "x", "a".repeat(43), null, { $ne: "" }, ["a"]]) {
      expect(await codeOf(await harness.join(secret as string))).toEqual([404, "LINK_UNKNOWN"]);
    }
  });

  it("for an address replaces the earlier one, and is refused when the address has an account", async () => {
    const [first, second] = [
      await harness.invite({ email: "twice@example.test" }),
      await harness.invite({ email: "twice@example.test" }),
    ];
    expect(await codeOf(await harness.open(secretOf(first), "invitation"))).toEqual([410, "LINK_REVOKED"]);
    expect((await harness.open(secretOf(second), "invitation")).status).toBe(200);
    expect((await harness.ask(harness.owner, "POST", "/invitations", { email: OWNER.email })).status).toBe(409);
  });

  it("sets no field of the account but name, address and password", async () => {
    const secret = secretOf(await harness.invite());
    const extra = { email: "extra@example.test", role: "administrator", emailVerified: true, id: "chosen" };
    expect((await harness.join(secret, extra)).status).toBe(200);
    const [account] = await accounts("extra@example.test");
    expect(account).toMatchObject({ role: "user", emailVerified: false });
    expect(account.id).not.toBe("chosen");
  });
});

describe("a password link", () => {
  it("sets a new password once and ends every session of its person", async () => {
    const gina = await harness.newcomer("Gina");
    const link = await harness.passwordLink(gina.id);
    expect(link.url).toMatch(/\/new-password#[\w-]{43}$/);
    const opened = await harness.open(secretOf(link), "password");
    expect(await opened.json()).toEqual({ kind: "password", email: gina.email, name: "Gina" });
    expect((await harness.setPassword(secretOf(link), "three new words here")).status).toBe(200);
    expect(await codeOf(await harness.setPassword(secretOf(link)))).toEqual([410, "LINK_USED"]);
    const session = await harness.app.routes.auth(authRequest("/get-session", { headers: { cookie: gina.cookie } }));
    expect(await session.json()).toBeNull();
    expect((await harness.signIn(gina.email, NEW_PASSWORD)).status).toBe(401);
    expect((await harness.signIn(gina.email, "three new words here")).status).toBe(200);
  });

  it("changes the password once when 20 requests use it at the same time", async () => {
    const lea = await harness.newcomer("Lea");
    const secret = secretOf(await harness.passwordLink(lea.id));
    const uses = createLinkUses(pool);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => uses.setPassword(secret, `hash ${index}`)),
    );
    const winner = answers.findIndex(({ status }) => status === "fulfilled");
    expect(answers.filter(wasUsed)).toHaveLength(19);
    const { rows } = await harness.sql(`select password from auth.account where "userId" = $1`, [lea.id]);
    expect(rows).toEqual([{ password: `hash ${winner}` }]);
  });

  it("is replaced by the next one, and is no invitation", async () => {
    const hugo = await harness.newcomer("Hugo");
    const [first, second] = [await harness.passwordLink(hugo.id), await harness.passwordLink(hugo.id)];
    expect(await codeOf(await harness.setPassword(secretOf(first)))).toEqual([410, "LINK_REVOKED"]);
    expect(await codeOf(await harness.join(secretOf(second)))).toEqual([404, "LINK_UNKNOWN"]);
    const invitation = await harness.invite();
    expect(await codeOf(await harness.setPassword(secretOf(invitation)))).toEqual([404, "LINK_UNKNOWN"]);
    expect((await harness.setPassword(secretOf(second))).status).toBe(200);
  });

  it("gives an account without a password one", async () => {
    const iris = await harness.newcomer("Iris");
    await harness.sql(`delete from auth.account where "userId" = $1`, [iris.id]);
    expect((await harness.setPassword(secretOf(await harness.passwordLink(iris.id)))).status).toBe(200);
    expect((await harness.signIn(iris.email, NEW_PASSWORD)).status).toBe(200);
  });
});

describe("links", () => {
  it("are stored without their secrets, and listed until they are used", async () => {
    const link = await harness.invite({ email: "listed@example.test" });
    const { rows } = await harness.sql("select * from auth.link");
    expect(JSON.stringify(rows)).not.toContain(secretOf(link));
    // A digest leads back to no secret, unlike another spelling of it.
    const digest = createHash("sha256").update(secretOf(link)).digest("hex");
    expect(rows.filter(({ id }) => id === link.id)).toMatchObject([{ digest }]);
    const list = async () => {
      const response = await harness.ask(harness.owner, "GET", "/links");
      return ((await response.json()) as { links: { id: string }[] }).links;
    };
    const { url: _, ...listed } = link;
    expect(await list()).toContainEqual(listed);
    await harness.join(secretOf(link));
    expect((await list()).map(({ id }) => id)).not.toContain(link.id);
  });

  it("that wait to be used are at most a hundred", async () => {
    await harness.sql(
      `insert into auth.link (id, digest, kind, "expiresAt")
       select 'many-' || n, lpad(n::text, 64, '0'), 'invitation', now() + interval '1 day' from generate_series(1, 100) n`,
    );
    expect((await harness.ask(harness.owner, "POST", "/invitations", {})).status).toBe(409);
    await harness.sql("delete from auth.link where id like 'many-%'");
  });

  it("are used from our own pages only", async () => {
    const secret = secretOf(await harness.invite());
    for (const origin of ["https://evil.test", "null", ""]) {
      expect((await harness.join(secret, {}, { origin })).status, origin).toBe(403);
    }
    expect((await harness.open(secret, "invitation")).status).toBe(200);
  });

  it("can't be guessed: one IP address may try only so often a minute", async () => {
    const from = { "x-forwarded-for": "198.51.100.9" };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 22; attempt += 1) {
      statuses.push((await harness.join("a".repeat(43), {}, from)).status);
    }
    expect(statuses).toEqual([...Array(20).fill(404), 429, 429]);
  });
});
