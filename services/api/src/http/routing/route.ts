import type { Context, Hono } from "hono";
import type { z } from "zod";
import type { ApiEnv } from "../context.ts";
import { fromZod } from "../problems.ts";
import { readJson } from "./body.ts";

type Schema = z.ZodType | undefined;

/** An answer: its media types with their schemas, and the headers that come with it. */
export type Answer = { description: string; content?: Record<string, z.ZodType>; headers?: Record<string, string> };

/** A route, declared once: what is checked at run time is what the OpenAPI document says. */
export type Route<P extends Schema = Schema, Q extends Schema = Schema, B extends Schema = Schema> = {
  method: "get" | "post" | "patch" | "delete";
  /** As in OpenAPI: `/api/{user_id}/tasks`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Media types of the body, `application/json` unless given. */
  bodyTypes?: readonly string[];
  /** Request headers the route reads, with their meaning. */
  headers?: Record<string, string>;
  answers: Record<number, Answer>;
};

type Value<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets: everything checked. */
export type Input<P extends Schema, Q extends Schema, B extends Schema> = {
  params: Value<P>;
  query: Value<Q>;
  body: Value<B>;
};

/** Keeps the types of a route's schemas. */
export function defineRoute<P extends Schema = undefined, Q extends Schema = undefined, B extends Schema = undefined>(
  route: Route<P, Q, B>,
): Route<P, Q, B> {
  return route;
}

/** Serves a route: checks path, query and body in this order (400 with every wrong field), then calls the handler. */
export function serve<P extends Schema, Q extends Schema, B extends Schema>(
  app: Hono<ApiEnv>,
  route: Route<P, Q, B>,
  handler: (c: Context<ApiEnv>, input: Input<P, Q, B>) => Response | Promise<Response>,
): void {
  app.on(route.method, route.path.replaceAll(/\{(\w+)\}/g, ":$1"), async (c) =>
    handler(c, {
      params: check(route.params, c.req.param()),
      query: check(route.query, c.req.query()),
      body: check(route.body, route.body === undefined ? undefined : await readJson(c.req.raw, bodyTypesOf(route))),
    }),
  );
}

/** Media types the route's body may have. */
export function bodyTypesOf(route: Pick<Route, "bodyTypes">): readonly string[] {
  return route.bodyTypes ?? ["application/json"];
}

function check<S extends Schema>(schema: S | undefined, value: unknown): Value<S> {
  if (schema === undefined) return undefined as Value<S>;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error);
  return parsed.data as Value<S>;
}
