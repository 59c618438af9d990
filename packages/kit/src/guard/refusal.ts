import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { ProblemCode } from "@taskassistant/contracts";

/** Why a request is answered before any handler sees it. */
export interface Refusal {
  readonly status: number;
  readonly code: ProblemCode;
  /** A sentence for the person. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** RFC 9110, section 9.3: what a body would mean with these is not defined. */
const WITHOUT_BODY = ["GET", "HEAD", "OPTIONS"];

/** The header of every 405. */
export const ALLOW = { allow: METHODS.join(", ") };

/** The refusal of a request by its head alone; undefined if a handler may see it. */
export function refusalOf(
  { method = "", url = "", headers }: Pick<IncomingMessage, "method" | "url" | "headers">,
  bodyMax: (method: string, path: string) => number,
): Refusal | undefined {
  if (!METHODS.includes(method)) {
    const detail = `${METHODS.join(", ")} are the methods that are served here.`;
    return { status: 405, code: "invalid_request", detail, headers: ALLOW };
  }
  const bytes = announcedBytes(headers);
  if (bytes === 0) return undefined;
  const max = WITHOUT_BODY.includes(method) ? 0 : bodyMax(method, url.split("?")[0] ?? "");
  if (max === 0) return tooLarge("Nothing here reads the body of this request. Send it without one.");
  if (bytes === undefined || bytes <= max) return undefined;
  return tooLarge(`The body is larger than ${max / 1024} KB. Send less at once.`);
}

/** The length of the body as its head announces it: 0 without a body, undefined if only its end will tell. */
export function announcedBytes(headers: IncomingHttpHeaders): number | undefined {
  return headers["transfer-encoding"] === undefined ? Number(headers["content-length"] ?? 0) : undefined;
}

function tooLarge(detail: string): Refusal {
  return { status: 413, code: "payload_too_large", detail };
}

/** How much of a refused request is still read, in bytes, and for how long: a client reads the answer after it has sent. */
const LINGER = { bytes: 256 * 1024, ms: 500 };

/** Answers with a problem (RFC 9457). What the client goes on sending is dropped for a moment, then the connection closes. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, code, detail, headers } = refusal;
  const title = STATUS_CODES[status] ?? "Error";
  const body = Buffer.from(JSON.stringify({ type: `urn:taskassistant:problem:${code}`, title, status, code, detail }));
  response.writeHead(status, {
    ...headers,
    "content-type": "application/problem+json",
    "content-length": body.length,
    "cache-control": "no-store",
    connection: "close",
  });
  // Complete for the client, though the connection stays open.
  response.write(body);
  let left = LINGER.bytes;
  const timer = setTimeout(end, LINGER.ms);
  request.on("data", (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  request.once("end", end).once("close", end);

  function end(): void {
    clearTimeout(timer);
    response.end();
  }
}
