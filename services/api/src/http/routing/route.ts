import type { RouteBody, RouteEntry } from "@taskassistant/contracts/routes";
import type { Context } from "hono";
import type { z } from "zod";
import type { ApiEnv, RouteDeps } from "../context.ts";
import { fromZod } from "../problems.ts";
import { withJson } from "./body.ts";
import { paramsSchemaOf } from "./params.ts";

type Schema = z.ZodType | undefined;
type Value<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** An answer: its media types with their schemas, and the headers that come with it. */
export interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, z.ZodType>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the OpenAPI document says about a route, beyond its entry in the table of routes. */
export interface RouteDoc {
  readonly tag: string;
  readonly summary: string;
  readonly description?: string | undefined;
  /** Request headers the route reads, with their meaning. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly query?: z.ZodType | undefined;
  readonly body?: z.ZodType | undefined;
  readonly answers: Readonly<Record<number, Answer>>;
}

/** What a handler gets of the request. Everything in it has been checked. */
export interface RouteInput<Entry extends RouteEntry, Q extends Schema, B extends Schema> {
  readonly params: { readonly [Name in keyof Entry["params"]]: string };
  readonly query: Value<Q>;
  readonly body: Value<B>;
}

/** A route as it is served and documented. */
export interface Route {
  readonly entry: RouteEntry;
  readonly doc: RouteDoc;
  /** Checks path, query and body in this order (400 with every wrong field) and calls the handler. */
  respond(c: Context<ApiEnv>, deps: RouteDeps): Promise<Response>;
}

/** A body has a schema exactly if the table of routes says that the route takes one. */
type BodyOf<Entry extends RouteEntry, B extends Schema> = Entry extends { readonly body: RouteBody }
  ? { readonly body: B }
  : { readonly body?: undefined };

/** Adds to an entry of the table what only the API knows. What is checked is what the OpenAPI document says. */
export function defineRoute<
  Entry extends RouteEntry,
  Q extends Schema = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  entry: Entry,
  definition: Omit<RouteDoc, "query" | "body"> &
    BodyOf<Entry, B> & {
      readonly query?: Q;
      handle(c: Context<ApiEnv>, input: RouteInput<Entry, Q, B>, deps: RouteDeps): Response | Promise<Response>;
    },
): Route {
  const { handle, query, body } = definition;
  const paramsSchema = paramsSchemaOf(entry);
  return {
    entry,
    doc: definition,
    respond: async (c, deps) => {
      const params = check(paramsSchema, c.req.param()) as RouteInput<Entry, Q, B>["params"];
      const asked = check(query, c.req.query()) as Value<Q>;
      const answer = (sent: unknown) => handle(c, { params, query: asked, body: check(body, sent) as Value<B> }, deps);
      if (entry.body === undefined) return answer(undefined);
      const { holdBody } = deps;
      return withJson(c.req.raw, { holdBody, userId: c.get("claims").sub, limits: entry.body }, answer);
    },
  };
}

function check(schema: Schema, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error);
  return parsed.data;
}
