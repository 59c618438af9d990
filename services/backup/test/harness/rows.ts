import { runSql, type TestDatabase } from "@taskassistant/db/testing";

/** Fills a database with a user who is signed in, and with tasks. Returns the user's id. */
export async function fill(database: TestDatabase, tasks: number): Promise<string> {
  const user = await database.createUser("Ann");
  await addTasks(database, user, 1, tasks);
  await sortFirst(database, user);
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

/** Puts the first task into a project and tags it. */
async function sortFirst(database: TestDatabase, user: string): Promise<void> {
  for (const statement of [
    "insert into app.project (user_id, id, name) values ($1, 'p_000000000001', 'Home')",
    "insert into app.tag (user_id, id, name) values ($1, 'g_000000000001', 'calls')",
    "update app.task set project_id = 'p_000000000001' where user_id = $1 and id = 't_000000000001'",
    "insert into app.task_tag (user_id, task_id, tag_id) values ($1, 't_000000000001', 'g_000000000001')",
  ]) {
    await runSql(database.adminUrl, statement, [user]);
  }
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

/** What a person would notice: tasks, their projects and tags, sessions, users, signing keys and whose data it is. */
export async function look(database: TestDatabase) {
  const { rows } = await runSql(
    database.adminUrl,
    `select (select count(*)::int from app.task) as tasks,
       (select coalesce(json_agg(id order by id), '[]') from auth.session) as sessions,
       (select coalesce(json_agg(id order by id), '[]') from auth.jwks) as keys,
       (select count(*)::int from auth."user") as users,
       (select id from app.instance) as instance,
       (select json_agg(json_build_array(t.id, p.name, g.name)) from app.task t join app.project p on p.id = t.project_id
         join app.task_tag tt on tt.task_id = t.id join app.tag g on g.id = tt.tag_id) as sorted,
       (select tasks::int from app.usage) as counted, (select labels::int from app.usage) as labels`,
  );
  return rows[0];
}
