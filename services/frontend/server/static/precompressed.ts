import type { IncomingMessage, ServerResponse } from "node:http";

/** The encodings in which static files are stored at build time, the smallest first, with the ending of their names. */
export const ENCODINGS = { br: ".br", gzip: ".gz" } as const;
type Encoding = keyof typeof ENCODINGS;

const PREFIX = "/_next/static/";
/** Text that the browser loads; fonts and pictures are compressed by their formats. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "application/javascript; charset=UTF-8",
  ".css": "text/css; charset=UTF-8",
};

/** Whether a static file is worth compressing, by its name. */
export function isCompressible(name: string): boolean {
  return endingOf(name) in CONTENT_TYPES;
}

/**
 * Makes Next.js serve a static file as it was compressed at build time: the request is rewritten to the stored file before
 * Next.js sees it. Answers that are made on request stay as they are, since compression would delay streams. `stored` has
 * the paths of the compressed files below `/_next/static/`, with their endings.
 */
export function servePrecompressed(stored: ReadonlySet<string>) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const [path = "", query] = (request.url ?? "").split("?", 2);
    if (!path.startsWith(PREFIX) || (request.method !== "GET" && request.method !== "HEAD")) return;
    const name = decoded(path.slice(PREFIX.length));
    const type = CONTENT_TYPES[endingOf(name)];
    if (type === undefined) return;
    const offered = (Object.keys(ENCODINGS) as Encoding[]).filter((each) => stored.has(name + ENCODINGS[each]));
    if (offered.length === 0) return;
    response.setHeader("vary", "accept-encoding");
    const encoding = offered.find((each) => accepts(request.headers["accept-encoding"], each));
    if (encoding === undefined) return;
    response.setHeader("content-encoding", encoding);
    response.setHeader("content-type", type);
    request.url = `${path}${ENCODINGS[encoding]}${query === undefined ? "" : `?${query}`}`;
  };
}

/** Whether a header names an encoding with a weight above 0 (RFC 9110, 12.5.3). `*` is not taken for one. */
function accepts(header: string | string[] | undefined, encoding: Encoding): boolean {
  return String(header ?? "")
    .split(",")
    .some((entry) => {
      const [name = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
      return name === encoding && (weight === undefined || Number(weight) > 0);
    });
}

function endingOf(name: string): string {
  return name.slice(name.lastIndexOf("."));
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}
