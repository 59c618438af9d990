import { type NextRequest, NextResponse } from "next/server";
import { frontend } from "./server/instance.ts";

/**
 * Adds the security headers of pages and does nothing else: access is decided where the data is, never here. Requests to
 * `/api` bypass it, because Next.js would buffer their bodies.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl;
  const headers = frontend().pageHeaders(pathname);
  // Next.js reads the nonce for its own scripts from the request.
  const forwarded = new Headers(request.headers);
  forwarded.set("content-security-policy", headers["content-security-policy"] ?? "");
  const init = { request: { headers: forwarded } };
  // Next.js would answer with the page and 500, though nothing failed.
  const response = pathname.startsWith("/_global-error")
    ? NextResponse.rewrite(new URL("/_not-found", request.url), init)
    : NextResponse.next(init);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ["/((?!api/|_next/|favicon.ico).*)"] };
