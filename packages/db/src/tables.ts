import type { LabelColor, Task } from "@taskassistant/contracts";
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from "kysely";

type Instant = ColumnType<Date, Date | undefined, Date>;

/** Fields of a task that the database fills in or stores in another form than the wire shape has. */
type Differing =
  | "notes"
  | "done"
  | "priority"
  | "repeat_from"
  | "occurrence"
  | "version"
  | "created_at"
  | "updated_at"
  | "completed_at"
  | "project"
  | "tags";

/** A task. `done` = `completed_at` is set; in the trash = `deleted_at` is set. Other fields are stored as they are. */
export interface TaskTable extends Omit<Task, Differing> {
  user_id: string;
  notes: Generated<string>;
  priority: Generated<number>;
  repeat_from: Generated<Task["repeat_from"]>;
  /** The first task of a series that repeats; null for the first itself and for a task that does not repeat. */
  series_id: ColumnType<string | null, string | null | undefined, never>;
  project_id: ColumnType<string | null, string | null | undefined, string | null>;
  occurrence: Generated<number>;
  /** `due`, or infinity: what a list is ordered by. */
  due_order: GeneratedAlways<string>;
  version: Generated<number>;
  created_at: Instant;
  updated_at: Instant;
  completed_at: Date | null;
  deleted_at: Date | null;
  /** Of title and notes. */
  bytes: GeneratedAlways<number>;
}

/** A project or a tag. */
interface LabelTable {
  user_id: string;
  id: string;
  name: string;
  /** The name without differences of case: what makes it unique. */
  name_key: GeneratedAlways<string>;
  color: Generated<LabelColor>;
  created_at: Instant;
  /** Of the name. */
  bytes: GeneratedAlways<number>;
}

/** A project. A task is in one at most. */
export interface ProjectTable extends LabelTable {
  archived: Generated<boolean>;
}

/** A tag. */
export interface TagTable extends LabelTable {}

/** That a task has a tag. */
export interface TaskTagTable {
  user_id: string;
  task_id: string;
  tag_id: string;
}

/** A conversation of the chat. */
export interface ConversationTable {
  user_id: string;
  id: string;
  title: string;
  created_at: Instant;
  updated_at: Instant;
}

/** One message; `seq` orders the messages of a conversation. Parts and metadata have the shapes of the contracts. */
export interface MessageTable {
  user_id: string;
  id: string;
  conversation_id: string;
  seq: number;
  role: "user" | "assistant";
  parts: JSONColumnType<object[]>;
  metadata: JSONColumnType<object>;
  /** What the model's provider wants back with this answer, and for which provider. Never leaves the server otherwise. */
  model_state: ColumnType<object | null, string | null | undefined, string | null>;
  created_at: Instant;
  /** Of the parts and the model's state as JSON. */
  bytes: GeneratedAlways<number>;
}

/** A change that must happen once, and its result. */
export interface IdempotencyKeyTable {
  user_id: string;
  key: string;
  result: ColumnType<object | null, string | undefined, string>;
  created_at: Instant;
}

/** What one user stores, kept by triggers. */
export interface UsageTable {
  user_id: string;
  tasks: string;
  conversations: string;
  bytes: string;
  /** Projects and tags. */
  labels: Generated<string>;
}

/** The tables of user data, reached through `asUser` only. */
export interface AppTables {
  "app.project": ProjectTable;
  "app.tag": TagTable;
  "app.task": TaskTable;
  "app.task_tag": TaskTagTable;
  "app.conversation": ConversationTable;
  "app.message": MessageTable;
  "app.idempotency_key": IdempotencyKeyTable;
  "app.usage": UsageTable;
}
