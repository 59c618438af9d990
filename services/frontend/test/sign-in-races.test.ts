import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { authPost, PASSWORD, signUp, startFrontend } from "./frontend-fixture.ts";

const NEXT = "seven quiet engines";

let frontend: Awaited<ReturnType<typeof startFrontend>>;
/** Holds a transaction open; the other one looks on. */
let holder: pg.Client;
let observer: pg.Client;
beforeAll(async () => {
  frontend = await startFrontend();
  const connection = { connectionString: frontend.database.adminUrl };
  holder = new pg.Client(connection);
  observer = new pg.Client(connection);
  await Promise.all([holder.connect(), observer.connect()]);
});
afterAll(async () => {
  await Promise.all([holder?.end(), observer?.end()]);
  await frontend?.close();
});

const signIn = (email: string, password: string) => authPost(frontend.app, "/sign-in/email", { email, password });
const sessionIds = async (userId: string) => {
  const { rows } = await observer.query(`select id from auth.session where "userId" = $1`, [userId]);
  return rows.map(({ id }) => id);
};

/** Waits until a statement waits for a lock. */
async function someoneWaits(): Promise<void> {
  const text = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if ((await observer.query(text)).rowCount !== 0) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error("nobody waits");
}

it("a sign-in whose password was right begins no session once the password has changed", async () => {
  const user = await signUp(frontend.app);
  const changed = `update auth.account set password = left(password, -1) || '!', "updatedAt" = now() where "userId" = $1`;
  await holder.query("begin");
  await holder.query(`select from auth."user" where id = $1 for no key update`, [user.id]);
  const late = signIn(user.email, PASSWORD);
  await someoneWaits();
  await holder.query(changed, [user.id]);
  await holder.query(`delete from auth.session where "userId" = $1`, [user.id]);
  await holder.query("commit");
  const answer = await late;
  expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
  expect(await sessionIds(user.id)).toEqual([]);
});

it("a changed password also ends a session that began in the same moment", async () => {
  const user = await signUp(frontend.app);
  await holder.query("begin");
  await holder.query(
    `insert into auth.session (id, "expiresAt", token, "updatedAt", "userId")
     values ('late', now() + interval '1 day', 'late', now(), $1)`,
    [user.id],
  );
  const body = { currentPassword: PASSWORD, newPassword: NEXT };
  const change = authPost(frontend.app, "/account/password", body, { cookie: user.cookie });
  await someoneWaits();
  await holder.query("commit");
  expect((await change).status).toBe(200);
  expect(await sessionIds(user.id)).toEqual([user.sessionId]);
});

it("a person signs in with a password that was changed a moment ago", async () => {
  const user = await signUp(frontend.app);
  const body = { currentPassword: PASSWORD, newPassword: NEXT };
  expect((await authPost(frontend.app, "/account/password", body, { cookie: user.cookie })).status).toBe(200);
  expect((await signIn(user.email, NEXT)).status).toBe(200);
  expect((await signIn(user.email, PASSWORD)).status).toBe(401);
});
