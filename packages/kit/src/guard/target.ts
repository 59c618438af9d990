import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refusal.ts";

/** More than any page or route reads. Next.js needs seconds for thousands of parameters, during which it answers nobody. */
const PARAMETERS_MAX = 64;

type Head = Pick<IncomingMessage, "url" | "headers" | "headersDistinct">;

/** The refusal of a request whose target or host no handler could understand; undefined for any other. */
export function refusalOfTarget({ url = "", headersDistinct }: Head): Refusal | undefined {
  // RFC 9112, section 3.2: two hosts may mean different things to two servers on the way.
  if ((headersDistinct.host?.length ?? 0) > 1) return malformed("The request names two hosts. Name one.");
  const [path = "", query = ""] = split(url);
  if (!path.startsWith("/") || !isEncoded(path)) return malformed("The address is malformed. Check it.");
  const parameters = query.split("&", PARAMETERS_MAX + 1).length;
  if (parameters > PARAMETERS_MAX)
    return malformed(`The address has more than ${PARAMETERS_MAX} parameters. Leave some out.`);
  return undefined;
}

/**
 * Makes the absolute form of a target (RFC 9112, section 3.2.2) the ordinary one. What can't be read, or names another host
 * than the header, stays as it is, to be refused.
 */
export function useOrdinaryForm(request: Head): void {
  const { url = "", headers } = request;
  if (!/^https?:\/\//i.test(url)) return;
  const target = URL.parse(url);
  if (target === null || target.host !== URL.parse(`${target.protocol}//${headers.host}`)?.host) return;
  request.url = target.pathname + target.search;
}

function split(url: string): [path: string, query: string] {
  const mark = url.indexOf("?");
  return mark === -1 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** Whether the percent signs of a path are codes of characters. */
function isEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function malformed(detail: string): Refusal {
  return { status: 400, code: "invalid_request", detail };
}
