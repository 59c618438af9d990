/** Headers of an answer that a page of another origin may read; without the challenge it could not start to sign in. */
const EXPOSED = "WWW-Authenticate, Retry-After, X-Request-Id";
/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE_SECONDS = 600;

/**
 * The answer to a preflight (Fetch standard, CORS protocol). It allows the headers that the page asks for: they decide
 * nothing, since only the bearer token counts and cookies are never allowed.
 */
export function preflight(request: Request, origin: string | null, methods: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      allow: methods,
      ...(origin === null ? {} : { "access-control-allow-origin": origin }),
      "access-control-allow-methods": methods,
      "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "Authorization",
      "access-control-max-age": `${MAX_AGE_SECONDS}`,
      vary: "Origin, Access-Control-Request-Headers",
    },
  });
}

/** Lets the page that asked read the answer. Its origin has been checked; programs send none. */
export function readableBy(origin: string | null, answer: Response): Response {
  if (origin === null) return answer;
  answer.headers.set("access-control-allow-origin", origin);
  answer.headers.set("access-control-expose-headers", EXPOSED);
  answer.headers.append("vary", "Origin");
  return answer;
}
