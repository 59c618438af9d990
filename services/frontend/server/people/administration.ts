import { newInvitationSchema, newPasswordLinkSchema, peopleQuerySchema, type Role } from "@taskassistant/contracts";
import { AUTH_BODY_MAX } from "@taskassistant/contracts/limits";
import { BodyError, retryAfter } from "@taskassistant/kit/fetch";
import { bodyProblem, problemResponse } from "@taskassistant/kit/http";
import type { z } from "zod";
import { cappedBody } from "../http/body.ts";
import type { Handler } from "../http/handled.ts";
import { problem } from "../http/problem.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { RecordAdministration } from "./audit.ts";
import type { Links } from "./links.ts";
import type { People } from "./people.ts";
import { Refusal } from "./refusal.ts";
import { WINDOW_SECONDS } from "./request-limit.ts";

/** What the administrators' routes need. */
export interface AdministrationDeps {
  people: People;
  links: Links;
  sessions: Sessions;
  /** The public URL and the trusted origins. */
  origins: readonly string[];
  /** Counts a request of this administrator; false if there were too many. */
  withinLimit(userId: string): Promise<boolean>;
  record: RecordAdministration;
}

/** One request of an administrator. */
interface Call {
  id: string;
  search: URLSearchParams;
  body: unknown;
  /** The administrator who asks. */
  by: string;
}

interface Route {
  method: "GET" | "POST" | "DELETE";
  /** Has the id as its only group. */
  path: RegExp;
  /** In the audit and the log; reading is in neither beyond the access log. */
  action?: string;
  /** What the id names, if not a person. */
  idOf?: "link";
  run(deps: AdministrationDeps, call: Call): Promise<unknown>;
}

const ROUTES: readonly Route[] = [
  { method: "GET", path: /^\/api\/people$/, run: ({ people }, { search }) => people.list(query(search)) },
  { method: "GET", path: /^\/api\/people\/links$/, run: async ({ links }) => ({ links: await links.list() }) },
  {
    method: "POST",
    path: /^\/api\/people\/invitations$/,
    action: "invite",
    run: ({ links }, { body, by }) => links.invite({ ...parsed(newInvitationSchema, body ?? {}), createdBy: by }),
  },
  {
    method: "POST",
    path: /^\/api\/people\/([\w-]{1,64})\/password-link$/,
    action: "make password link",
    run: ({ links }, { body, by, id }) =>
      links.passwordLink({ ...parsed(newPasswordLinkSchema, body ?? {}), userId: id, createdBy: by }),
  },
  {
    method: "DELETE",
    path: /^\/api\/people\/links\/([\w-]{1,64})$/,
    action: "revoke link",
    idOf: "link",
    run: ({ links }, { id }) => links.revoke(id),
  },
  role("promote", "administrator"),
  role("demote", "user"),
  {
    method: "POST",
    path: /^\/api\/people\/([\w-]{1,64})\/disable$/,
    action: "disable",
    run: ({ people }, { id, by }) => {
      if (id === by) throw new Refusal("own_account");
      return people.disable(id);
    },
  },
  {
    method: "POST",
    path: /^\/api\/people\/([\w-]{1,64})\/enable$/,
    action: "enable",
    run: ({ people }, { id }) => people.enable(id),
  },
];

function role(action: string, next: Role): Route {
  return {
    method: "POST",
    path: new RegExp(`^/api/people/([\\w-]{1,64})/${action}$`),
    action,
    run: ({ people }, { id }) => people.setRole(id, next),
  };
}

/**
 * Handles `/api/people/*` for administrators. They see accounts and change what concerns signing in; nothing here reads or
 * acts in a person's name. Everybody else gets the answer of a path that does not exist, whatever they ask for.
 */
export function createAdministration(deps: AdministrationDeps): Handler {
  return async (request, requestId) => {
    const nothing = () => problem(404, "not_found", "There is nothing at this path. Check the address.", requestId);
    const session = await deps.sessions.ofRequest(request.headers);
    if (session === undefined || !(await deps.people.isAdministrator(session.userId))) return nothing();
    const { pathname, searchParams } = new URL(request.url);
    const routes = ROUTES.filter(({ path }) => path.test(pathname));
    const route = routes.find(({ method }) => method === request.method);
    if (routes.length === 0) return nothing();
    if (route === undefined) {
      const allow = routes.map(({ method }) => method).join(", ");
      return problem(405, "invalid_request", `Use ${allow} for this path.`, requestId, { allow });
    }
    if (request.method !== "GET" && !deps.origins.includes(request.headers.get("origin") ?? "")) {
      return problem(403, "forbidden", "This request does not come from the assistant's own pages.", requestId);
    }
    if (!(await deps.withinLimit(session.userId))) {
      const detail = "Too many requests. Wait a minute, then try again.";
      return problem(429, "rate_limited", detail, requestId, retryAfter(WINDOW_SECONDS));
    }
    const id = route.path.exec(pathname)?.[1] ?? "";
    const record = async (outcome: "allowed" | "refused", about: { link?: string; reason?: string } = {}) => {
      if (route.action === undefined) return;
      const on = id === "" ? {} : { [route.idOf ?? "on"]: id };
      await deps.record({ by: session.userId, action: route.action, outcome, requestId, ...on, ...about });
    };
    try {
      const body = request.method === "POST" ? await jsonOf(request) : undefined;
      const result = await route.run(deps, { id, search: searchParams, body, by: session.userId });
      await record("allowed", madeLink(result));
      const headers = { "cache-control": "no-store" };
      return result === undefined ? new Response(null, { status: 204, headers }) : Response.json(result, { headers });
    } catch (error) {
      if (error instanceof BodyError) return problemResponse(bodyProblem(error), requestId);
      if (error instanceof InvalidError) return problem(400, "invalid_request", error.message, requestId);
      if (!(error instanceof Refusal)) throw error;
      await record("refused", { reason: error.reason });
      const missing = error.reason === "no_such_person" || error.reason === "no_such_link";
      return missing
        ? problem(404, "not_found", error.message, requestId)
        : problem(409, "conflict", error.message, requestId);
    }
  };
}

/** What was sent is not what the route takes. */
class InvalidError extends Error {
  override readonly name = "InvalidError";
}

/** For the audit: the id of a link, and never its address. */
function madeLink(result: unknown): { link?: string } {
  return typeof result === "object" && result !== null && "url" in result && "id" in result
    ? { link: String(result.id) }
    : {};
}

async function jsonOf(request: Request): Promise<unknown> {
  const text = await new Response(cappedBody(request, AUTH_BODY_MAX)).text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidError("The body is not JSON.");
  }
}

function query(search: URLSearchParams) {
  return parsed(peopleQuerySchema, Object.fromEntries(search));
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new InvalidError(`${issue?.path.join(".") || "The body"} ${issue?.message ?? "is not accepted"}.`);
}
