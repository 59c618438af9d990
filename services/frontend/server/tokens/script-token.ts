import type { Logger } from "@taskassistant/kit/process";
import type { Handler } from "../http/handled.ts";
import { problem } from "../http/problem.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { ApiTokens } from "./api-tokens.ts";

const NO_PAGES = "API tokens are for scripts. Pages call /api with the session cookie and need no token.";
const NOT_SIGNED_IN = "You are not signed in. Sign in with POST /api/auth/sign-in/email and send the cookie it sets.";

/**
 * Handles `POST /api/token`, where the user's own scripts get an API token for a session cookie. Pages are refused, so that
 * no token ever gets into JavaScript: every browser sends `Sec-Fetch-Site` or `Origin` with a POST. The answer has the
 * shape of an OAuth token response (RFC 6749, section 5.1).
 */
export function createScriptTokenRoute(deps: { sessions: Sessions; apiTokens: ApiTokens; log: Logger }): Handler {
  return async (request, requestId) => {
    if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) {
      return problem(403, "forbidden", NO_PAGES, requestId);
    }
    const session = await deps.sessions.ofRequest(request.headers);
    if (session === undefined) return problem(401, "unauthorized", NOT_SIGNED_IN, requestId);
    const { token, expiresIn, scope } = await deps.apiTokens.forScript(session);
    deps.log.info({ request_id: requestId, user_id: session.userId }, "API token issued to a script");
    return Response.json(
      { access_token: token, token_type: "Bearer", expires_in: expiresIn, scope },
      { headers: { "cache-control": "no-store", pragma: "no-cache" } },
    );
  };
}
