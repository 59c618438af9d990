/**
 * The limits that a client can run into, or that more than one program has to know. Also available as
 * `@taskassistant/contracts/limits`, which imports nothing, so that a browser can show them without loading the schemas.
 * Characters are UTF-16 code units; bodies are in bytes.
 */

/** Maximum length of a task's title, in characters. */
export const TITLE_MAX = 500;
/** Maximum length of a task's notes (markdown), in characters. */
export const NOTES_MAX = 20_000;
/** Maximum length of the text a task list is searched for, in characters. */
export const QUERY_MAX = 200;
/** Maximum length of the rule by which a task repeats, in characters. */
export const REPEAT_MAX = 200;
/** Maximum length of the name of a time zone, in characters. */
export const ZONE_MAX = 64;
/** Maximum length of the name of a project or a tag, in characters. */
export const LABEL_MAX = 50;
/** Maximum number of tags of one task. */
export const TAGS_MAX = 10;
/** Maximum number of projects and tags of one person, together. */
export const LABELS_MAX = 500;
/** Maximum number of tasks in one page of a list. */
export const PAGE_MAX = 100;
/** Size of the texts in one page of a list after which it ends, in bytes. A page always has a task if there is one. */
export const PAGE_TEXT_MAX = 512 * 1024;
/** Number of tasks in one page of a list when the client does not ask for another number. */
export const PAGE_DEFAULT = 50;
/** Maximum length of a page's cursor, in characters. */
export const CURSOR_MAX = 300;
/** Maximum number of ids in one call of a tool that changes several tasks. */
export const BULK_MAX = 25;
/** Days after which a task in the trash is deleted for good, unless the installation sets another number. */
export const TRASH_DAYS = 30;
/** Minutes that a task stays in the trash at least, whatever a tool asks for: a model's mistake can be taken back. */
export const TRASH_MINUTES_KEPT = 60;

/** Maximum length of one message to the assistant, in characters. */
export const MESSAGE_MAX = 16_000;
/** Maximum number of conversations in the history. */
export const CONVERSATIONS_MAX = 100;
/** Maximum size of one tool result or one call's arguments as they are stored and shown, in bytes of JSON. */
export const TOOL_RESULT_MAX = 8 * 1024;

/** Minimum and maximum length of a password, in characters. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

/** Maximum length of a token in a request, in characters. */
export const TOKEN_MAX = 8_192;

/** Maximum size of a request to the API: the longest notes of a task with every character escaped. */
export const API_BODY_MAX = 160 * 1024;
/** Maximum size of a request that names a project or a tag. */
export const LABEL_BODY_MAX = 4 * 1024;
/** Maximum size of a request to the MCP server: the same, and room for what a client adds. */
export const MCP_BODY_MAX = 176 * 1024;
/** Maximum size of a request that signs in, signs up or exchanges a token. */
export const AUTH_BODY_MAX = 16 * 1024;
