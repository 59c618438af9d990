import type { AppTables } from "../tables.ts";

/** A table with users' rows, as tests of the walls between users need it. */
export interface UserTable {
  /** Adds one row for the user `$1`; its other values are the same for every user. */
  readonly insert: string;
  /** A column of text that a change may set to `assistant`. */
  readonly column: string;
  /** What the change sets instead, where the column is no text. */
  readonly value?: string;
}

const CONVERSATION = "0197a5f0-0000-7000-8000-000000000001";
const MESSAGE = "0197a5f0-0000-7000-8000-000000000002";

/** Every table with users' rows, parents before children: the one list that the tests of access work through. */
export const USER_TABLES: { readonly [Table in keyof AppTables]: UserTable } = {
  "app.project": {
    insert: "insert into app.project (user_id, id, name) values ($1, 'p_000000000001', 'mine')",
    column: "color",
  },
  "app.tag": {
    insert: "insert into app.tag (user_id, id, name) values ($1, 'g_000000000001', 'mine')",
    column: "color",
  },
  "app.task": {
    insert:
      "insert into app.task (user_id, id, title, project_id) values ($1, 't_000000000001', 'mine', 'p_000000000001')",
    column: "title",
  },
  "app.task_tag": {
    insert: "insert into app.task_tag (user_id, task_id, tag_id) values ($1, 't_000000000001', 'g_000000000001')",
    column: "tag_id",
    value: "g_000000000001",
  },
  "app.conversation": {
    insert: `insert into app.conversation (user_id, id, title) values ($1, '${CONVERSATION}', 'mine')`,
    column: "title",
  },
  "app.message": {
    insert: `insert into app.message (user_id, id, conversation_id, seq, role, parts, metadata)
      values ($1, '${MESSAGE}', '${CONVERSATION}', 0, 'user', '[]', '{}')`,
    column: "role",
  },
  "app.idempotency_key": {
    insert: "insert into app.idempotency_key (user_id, key) values ($1, 'key')",
    column: "key",
  },
  "app.usage": {
    // The rows before have made it.
    insert: "insert into app.usage values ($1, 0, 0, 0) on conflict do nothing",
    column: "tasks",
    value: "7",
  },
};

export const USER_TABLE_NAMES = Object.keys(USER_TABLES) as (keyof AppTables)[];

/** Matches the names of these tables inside `app`, for a regular expression over SQL or sources. */
export const USER_TABLE_PATTERN = USER_TABLE_NAMES.map((name) => name.replace("app.", "")).join("|");
