import { type Logger, requestIdOf } from "@taskassistant/kit";
import { problem } from "../http/problem.ts";
import type { ApiTokens } from "./api-tokens.ts";
import type { Sessions } from "./sessions.ts";

/**
 * `POST /api/token`: a session cookie for an API token, for the user's own scripts. Pages are refused: every browser
 * sends `Sec-Fetch-Site` or `Origin` with a POST, so no token ever gets into JavaScript. The answer has the shape of an
 * OAuth token response (RFC 6749, section 5.1).
 */
export function createScriptTokenRoute(deps: { sessions: Sessions; apiTokens: ApiTokens; log: Logger }) {
  return async (request: Request): Promise<Response> => {
    const requestId = requestIdOf(request.headers);
    if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) {
      return problem(
        403,
        "forbidden",
        "Tokens are for programs. In the browser, call /api directly: it signs for you.",
        requestId,
      );
    }
    const session = await deps.sessions.ofRequest(request.headers);
    if (session === undefined) {
      return problem(
        401,
        "unauthorized",
        "You are not signed in. Sign in with POST /api/auth/sign-in/email and send the cookie.",
        requestId,
      );
    }
    const { token, expiresIn, scope } = await deps.apiTokens.forScript(session);
    deps.log.info({ request_id: requestId, user_id: session.userId }, "API token for a script");
    return Response.json(
      { access_token: token, token_type: "Bearer", expires_in: expiresIn, scope },
      { headers: { "cache-control": "no-store", pragma: "no-cache", "x-request-id": requestId } },
    );
  };
}
