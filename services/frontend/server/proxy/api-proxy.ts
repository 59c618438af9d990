import { API_BODY_MAX } from "@taskassistant/contracts";
import { createRouteFinder, methodsOf } from "@taskassistant/contracts/routes";
import { BodyError, retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { bodyProblem, problemResponse } from "@taskassistant/kit/http";
import type { Logger } from "@taskassistant/kit/process";
import { cappedBody } from "../http/body.ts";
import type { Handler } from "../http/handled.ts";
import { problem } from "../http/problem.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { ApiTokens } from "../tokens/api-tokens.ts";
import { headersToApi, headersToBrowser } from "./headers.ts";

/** What the proxy needs. */
export interface ApiProxyDeps {
  /** `API_URL`. */
  apiUrl: string;
  /** The public URL and the trusted origins. */
  origins: readonly string[];
  sessions: Sessions;
  apiTokens: ApiTokens;
  log: Logger;
}

const TOKEN_REFUSED =
  "The API rejects this assistant's own tokens. Ask your administrator to check the clocks of the nodes and the API's log.";

/** The client closed the connection (nginx's code). Only the log shows it. */
const CLIENT_GONE = 499;

/**
 * Handles `/api/*` for the assistant's own pages. Replaces the session cookie with an API token, which the browser never
 * sees. Routes that are open to everybody need no session. Forwards the API's routes and nothing else, streams in both
 * directions, and cancels the API's work when the browser disconnects. Changes need an `Origin` of ours, so that no other
 * site can make them in the user's name.
 */
export function createApiProxy(deps: ApiProxyDeps): Handler {
  const findRoutes = createRouteFinder();
  return async (request, requestId) => {
    const { pathname, search } = new URL(request.url);
    const routes = findRoutes(pathname);
    const methods: readonly string[] = methodsOf(routes);
    if (methods.length === 0)
      return problem(404, "not_found", "There is nothing at this path. Check the address.", requestId);
    if (!methods.includes(request.method)) {
      const allow = methods.join(", ");
      return problem(405, "invalid_request", `Use ${allow} for this path.`, requestId, { allow });
    }
    if (request.method !== "GET" && !deps.origins.includes(request.headers.get("origin") ?? "")) {
      return problem(403, "forbidden", "This request does not come from the assistant's own pages.", requestId);
    }
    const isOpen = routes.some(({ method, scope }) => method === request.method && scope === null);
    const session = isOpen ? undefined : await deps.sessions.ofRequest(request.headers);
    if (session === undefined && !isOpen) {
      return problem(401, "unauthorized", "You are not signed in. Sign in and try again.", requestId);
    }
    const token = session === undefined ? undefined : await deps.apiTokens.forBrowser(session);
    try {
      const upstream = await send(
        deps.apiUrl + pathname + search,
        request,
        headersToApi(request.headers, token, requestId),
      );
      // If the session is still alive, signing in again would not help, so the person must not see a 401.
      if (
        session !== undefined &&
        upstream.status === 401 &&
        (await deps.sessions.ofRequest(request.headers)) !== undefined
      ) {
        await upstream.body?.cancel();
        deps.apiTokens.forget(session);
        deps.log.error({ request_id: requestId, path: pathname }, "the API rejected a token of this frontend");
        return problem(502, "unavailable", TOKEN_REFUSED, requestId, retryAfter(WAIT_SECONDS.newKeys));
      }
      const headers = headersToBrowser(upstream.headers, requestId);
      return new Response(upstream.body, { status: upstream.status, headers });
    } catch (error) {
      const refused = bodyError(error);
      if (refused !== undefined) return problemResponse(bodyProblem(refused), requestId);
      if (request.signal.aborted) return new Response(null, { status: CLIENT_GONE });
      deps.log.error({ err: error, request_id: requestId, path: pathname }, "the API can't be reached");
      const detail = "The assistant can't be reached right now. Try again in a moment.";
      return problem(502, "unavailable", detail, requestId, retryAfter(WAIT_SECONDS.neighbour));
    }
  };
}

/** Retries a GET once, because an API that is being replaced may just have closed a kept-alive connection. */
async function send(url: string, request: Request, headers: Headers): Promise<Response> {
  const { method, signal } = request;
  const body = cappedBody(request, API_BODY_MAX);
  const init: RequestInit & { duplex: "half" } = {
    method,
    headers,
    body,
    signal,
    redirect: "manual",
    cache: "no-store",
    duplex: "half",
  };
  if (method !== "GET") return fetch(url, init);
  return fetch(url, init).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return fetch(url, init);
  });
}

/** Finds the error of the request's body, which `fetch` wraps. */
function bodyError(error: unknown): BodyError | undefined {
  if (error instanceof BodyError) return error;
  return error instanceof Error ? bodyError(error.cause) : undefined;
}
