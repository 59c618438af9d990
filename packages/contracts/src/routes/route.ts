import type { Scope } from "../tokens.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** What a parameter of a path names. */
export type ParamKind = "user" | "task" | "project" | "tag" | "conversation";

/** The body a route takes. */
export interface RouteBody {
  /** Maximum size in bytes. */
  readonly maxBytes: number;
  /** Media types, the preferred one first. */
  readonly types: readonly string[];
  /** A valid body, which tests use to attack the route. */
  readonly example: Readonly<Record<string, unknown>>;
}

/** Everything about a route that more than one program has to know. Its schemas and its handler are in the API. */
export interface RouteEntry {
  readonly method: Method;
  /** As in OpenAPI: `/api/{user_id}/tasks`. A parameter `{user_id}` must be the user of the token. */
  readonly path: string;
  /** What each parameter of the path names. */
  readonly params: Readonly<Record<string, ParamKind>>;
  /** The scope a token needs; null for a route that takes no token at all. */
  readonly scope: Scope | null;
  readonly body?: RouteBody;
  /** The answer may be a stream of server-sent events, which must be forwarded piece by piece. */
  readonly streams?: true;
}
