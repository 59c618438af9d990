import type { Logger } from "@taskassistant/kit/process";
import type { Handler } from "../http/handled.ts";
import { problem } from "../http/problem.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { ApiTokens } from "./api-tokens.ts";

const NO_PAGES = "Tokens are for programs. A page calls /api directly and needs none.";
const NOT_SIGNED_IN = "You are not signed in. Sign in with POST /api/auth/sign-in/email and send its cookie.";

/**
 * `POST /api/token`: a session cookie for an API token, for the user's own scripts. Pages are refused: every browser
 * sends `Sec-Fetch-Site` or `Origin` with a POST, so no token ever gets into JavaScript. The answer has the shape of an
 * OAuth token response (RFC 6749, section 5.1).
 */
export function createScriptTokenRoute(deps: { sessions: Sessions; apiTokens: ApiTokens; log: Logger }): Handler {
  return async (request, requestId) => {
    if (request.headers.has("origin") || request.headers.has("sec-fetch-site")) {
      return problem(403, "forbidden", NO_PAGES, requestId);
    }
    const session = await deps.sessions.ofRequest(request.headers);
    if (session === undefined) return problem(401, "unauthorized", NOT_SIGNED_IN, requestId);
    const { token, expiresIn, scope } = await deps.apiTokens.forScript(session);
    deps.log.info({ request_id: requestId, user_id: session.userId }, "API token for a script");
    return Response.json(
      { access_token: token, token_type: "Bearer", expires_in: expiresIn, scope },
      { headers: { "cache-control": "no-store", pragma: "no-cache" } },
    );
  };
}
