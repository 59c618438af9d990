import { type NextRequest, NextResponse } from "next/server";
import { frontend } from "./server/instance.ts";

/**
 * Adds the security headers of pages, and nothing else: who may see what is decided where the data is, never here.
 * Requests to `/api` don't come through, since Next.js would hold their bodies back.
 */
export function proxy(request: NextRequest): NextResponse {
  const headers = frontend().pageHeaders(request.nextUrl.pathname);
  // Next.js reads the nonce for its own scripts from the request.
  const forwarded = new Headers(request.headers);
  forwarded.set("content-security-policy", headers["content-security-policy"] ?? "");
  const response = NextResponse.next({ request: { headers: forwarded } });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ["/((?!api/|_next/|favicon.ico).*)"] };
