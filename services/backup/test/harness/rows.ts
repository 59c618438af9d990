import { runSql, type TestDatabase } from "@taskassistant/db/testing";

/** Fills a database with a user who is signed in, and with tasks. Returns the user's id. */
export async function fill(database: TestDatabase, tasks: number): Promise<string> {
  const user = await database.createUser("Ann");
  await addTasks(database, user, 1, tasks);
  await signIn(database, user, "before");
  return user;
}

export async function addTasks(database: TestDatabase, user: string, from: number, to: number): Promise<void> {
  await runSql(
    database.adminUrl,
    `insert into app.task (user_id, id, title, notes)
     select $1, 't_' || lpad(i::text, 12, '0'), 'task ' || i || ' ' || chr(8364), repeat(md5(i::text), 4)
     from generate_series($2::int, $3::int) i`,
    [user, from, to],
  );
}

/** Begins a session. Its id and its token are the name. */
export async function signIn(database: TestDatabase, user: string, name: string): Promise<void> {
  await runSql(
    database.adminUrl,
    `insert into auth.session (id, "expiresAt", token, "updatedAt", "userId")
     values ($1, now() + interval '1 day', $1, now(), $2)`,
    [name, user],
  );
}

/** What a person would notice: tasks, sessions, users, signing keys and whose data it is. */
export async function look(database: TestDatabase) {
  const { rows } = await runSql(
    database.adminUrl,
    `select (select count(*)::int from app.task) as tasks,
       (select coalesce(json_agg(id order by id), '[]') from auth.session) as sessions,
       (select coalesce(json_agg(id order by id), '[]') from auth.jwks) as keys,
       (select count(*)::int from auth."user") as users,
       (select id from app.instance) as instance,
       (select tasks::int from app.usage) as counted`,
  );
  return rows[0];
}
