import { AUTH_BODY_MAX } from "@taskassistant/contracts/limits";
import { BodyError } from "@taskassistant/kit/fetch";
import { bodyProblem, problemResponse } from "@taskassistant/kit/http";
import { cappedBody } from "../http/body.ts";
import type { Handler } from "../http/handled.ts";
import { problem } from "../http/problem.ts";
import type { Auth } from "./auth.ts";
import { createKeySetRoute } from "./key-set.ts";

/** The routes of Better Auth that browsers and services need. Any other path answers 404, even if a plugin adds it. */
const ROUTES: ReadonlyMap<string, "GET" | "POST"> = new Map([
  ["/api/auth/jwks", "GET"],
  ["/api/auth/get-session", "GET"],
  ["/api/auth/sign-in/email", "POST"],
  ["/api/auth/sign-up/email", "POST"],
  ["/api/auth/sign-out", "POST"],
  ["/api/auth/account/sessions", "GET"],
  ["/api/auth/account/sessions/end", "POST"],
  ["/api/auth/account/sessions/end-others", "POST"],
  ["/api/auth/account/password", "POST"],
  ["/api/auth/account/delete", "POST"],
  ["/api/auth/link/open", "POST"],
  ["/api/auth/link/join", "POST"],
  ["/api/auth/link/password", "POST"],
]);

/**
 * Handles `/api/auth/*`. Forwards the listed routes to Better Auth and removes the session's token from the answers. The
 * browser has that token in an HttpOnly cookie, and no script of a page may read it.
 */
export function createAuthRoutes(deps: { auth: Auth; signUpOpen: boolean }): Handler {
  const keySet = createKeySetRoute(deps.auth.handler);
  return async (request, requestId) => {
    const { pathname } = new URL(request.url);
    const method = ROUTES.get(pathname);
    if (method === undefined)
      return problem(404, "not_found", "There is nothing at this path. Check the address.", requestId);
    if (request.method !== method) {
      return problem(405, "invalid_request", `Use ${method} for this path.`, requestId, { allow: method });
    }
    if (pathname === "/api/auth/sign-up/email" && !deps.signUpOpen) {
      const detail = "New accounts can't be created here. Ask your administrator for one.";
      return problem(403, "forbidden", detail, requestId);
    }
    if (pathname === "/api/auth/jwks") return keySet(request);
    const checked = method === "POST" ? await withSmallJson(request, requestId) : request;
    if (checked instanceof Response) return checked;
    return withoutTokens(await deps.auth.handler(checked));
  };
}

/** Returns the request with its body read, or the refusal. Better Auth itself would read a body of any size. */
async function withSmallJson(request: Request, requestId: string): Promise<Request | Response> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  const isJson = type === "application/json";
  if (type !== undefined && !isJson) return notJson(requestId);
  try {
    const body = await new Response(cappedBody(request, AUTH_BODY_MAX)).text();
    if (body !== "" && !isJson) return notJson(requestId);
    const { method, headers, signal, url } = request;
    return new Request(url, { method, headers, signal, body: body === "" ? null : body });
  } catch (error) {
    if (error instanceof BodyError) return problemResponse(bodyProblem(error), requestId);
    throw error;
  }
}

function notJson(requestId: string): Response {
  const detail = "Send JSON with Content-Type: application/json.";
  return problem(415, "unsupported_media_type", detail, requestId, { connection: "close" });
}

async function withoutTokens(response: Response): Promise<Response> {
  const { status } = response;
  const headers = new Headers(response.headers);
  headers.set("cache-control", "no-store");
  const retryAfter = headers.get("x-retry-after");
  if (retryAfter !== null) headers.set("retry-after", retryAfter);
  if (!headers.get("content-type")?.includes("json")) return new Response(response.body, { status, headers });
  headers.delete("content-length");
  const text = JSON.stringify(await response.json(), (key, value: unknown) => (key === "token" ? undefined : value));
  return new Response(text, { status, headers });
}
