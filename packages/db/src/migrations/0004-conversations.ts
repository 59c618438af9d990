import { type Migration, runAll } from "./migration.ts";
import { userTable } from "./row-level-security.ts";

/** Conversations and their messages. Ids are made by the client, so they are unique per user only. */
export const step: Migration = ({ roles }) =>
  runAll([
    `create table app.conversation (
      user_id text not null references auth."user" (id) on delete cascade,
      id uuid not null,
      title text not null check (char_length(title) <= 500),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (user_id, id)
    )`,
    `create index conversation_list on app.conversation (user_id, updated_at desc, id)`,
    `create table app.message (
      user_id text not null references auth."user" (id) on delete cascade,
      id uuid not null,
      conversation_id uuid not null,
      seq integer not null check (seq >= 0),
      role text not null check (role in ('user', 'assistant')),
      parts jsonb not null check (jsonb_typeof(parts) = 'array'),
      metadata jsonb not null check (jsonb_typeof(metadata) = 'object'),
      created_at timestamptz(3) not null default now(),
      primary key (user_id, id),
      foreign key (user_id, conversation_id) references app.conversation (user_id, id) on delete cascade,
      unique (user_id, conversation_id, seq)
    )`,
    ...userTable("app.conversation", roles.app),
    ...userTable("app.message", roles.app),
  ]);
