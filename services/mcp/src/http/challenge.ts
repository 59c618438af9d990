import { SCOPES } from "@taskassistant/contracts";
import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";

const json = { "content-type": "application/json", "cache-control": "no-store" };

/**
 * 401 (RFC 6750, section 3): says where to learn how to get a token (RFC 9728) and which scopes to ask for. Without a
 * token there is no error code. The answer does not reveal why a token is not valid.
 */
export function unauthorized(resourceMetadataUrl: string, hadToken: boolean): Response {
  const challenge = [
    ...(hadToken ? ['error="invalid_token"', 'error_description="The token is not valid."'] : []),
    `resource_metadata="${resourceMetadataUrl}"`,
    `scope="${SCOPES.join(" ")}"`,
  ].join(", ");
  const body = hadToken
    ? { error: "invalid_token", error_description: "The token is not valid." }
    : { error: "invalid_token", error_description: "A bearer token is needed." };
  return new Response(JSON.stringify(body), {
    status: 401,
    headers: { ...json, "www-authenticate": `Bearer ${challenge}` },
  });
}

/** 403 `insufficient_scope`: names the scopes the client has and the one it lacks, so that one request for a new token suffices. */
export function insufficientScope(resourceMetadataUrl: string, granted: ReadonlySet<string>, needed: string): Response {
  const scope = SCOPES.filter((name) => name === needed || granted.has(name)).join(" ");
  const description = `The token lacks the scope ${needed}.`;
  const challenge = [
    'error="insufficient_scope"',
    `error_description="${description}"`,
    `scope="${scope}"`,
    `resource_metadata="${resourceMetadataUrl}"`,
  ].join(", ");
  return new Response(JSON.stringify({ error: "insufficient_scope", error_description: description, scope }), {
    status: 403,
    headers: { ...json, "www-authenticate": `Bearer ${challenge}` },
  });
}

/** 503: the issuer's keys can't be fetched, so the token can't be checked. */
export function keysUnavailable(): Response {
  const body = {
    error: "temporarily_unavailable",
    error_description: "Tokens can't be checked at the moment; try again.",
  };
  return new Response(JSON.stringify(body), {
    status: 503,
    headers: { ...json, ...retryAfter(WAIT_SECONDS.neighbour) },
  });
}
