import { problemSchema } from "@taskassistant/contracts";
import type { z } from "zod";
import type { Answer } from "./route.ts";

const PROBLEMS = {
  400: "The request is wrong; `errors` names the fields.",
  401: "No valid API token.",
  403: "The path's user is not the token's, or the token lacks a scope.",
  404: "There is no such thing, for this user.",
  409: "One of the quotas of this user is full, or the name is taken; `detail` says which and what to do.",
  413: "The body is too large.",
  415: "The body is not JSON.",
  429: "Too many requests, here or at the model provider, or too many answers at a time; see `Retry-After` and `code`.",
  502: "The model provider rejects the API key.",
  503: "Something this needs is not available right now; see `Retry-After` and `code`.",
  504: "The model did not answer in time.",
} as const;

/** The error answers of a route. Every route has 401, 403, 429 and 503. */
export function problems(...statuses: (keyof typeof PROBLEMS)[]): Record<number, Answer> {
  const all = [401, 403, 429, 503, ...statuses] as const;
  return Object.fromEntries(
    all.map((status) => [
      status,
      { description: PROBLEMS[status], content: { "application/problem+json": problemSchema } },
    ]),
  );
}

/** An answer in JSON. */
export function json(description: string, schema: z.ZodType, headers?: Record<string, string>): Answer {
  return { description, content: { "application/json": schema }, ...(headers === undefined ? {} : { headers }) };
}
